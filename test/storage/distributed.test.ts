import { createPrismaStorage, type PrismaStorage } from "hephaestus-prisma";
import { beforeAll, describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { anInstance } from "hephaestus-prisma/testing";
import { storageOn } from "../storage-on.js";

const MESSAGE = "could not run distributed query with FOR UPDATE/SHARE commands";

describe("prune on a server that can't lock rows of several nodes", () => {
  const { database } = storageOn(preparePostgresDatabase);
  let attempts = 0;

  const client = database.client.$extends({
    query: {
      $executeRawUnsafe({ args, query }) {
        if (!JSON.stringify(args).includes("FOR UPDATE")) return query(args);
        attempts++;
        // What Prisma throws for Citus.
        const cause = { originalCode: "0A000", originalMessage: MESSAGE, kind: "postgres" };
        const message = `Raw query failed. Code: \`0A000\`. Message: \`${MESSAGE}\``;
        throw Object.assign(new Error(message), { code: "P2010", meta: { driverAdapterError: { cause } } });
      },
    },
  });

  const completed = (count: number) => Array.from({ length: count }, (_, n) => anInstance({ id: `order::${n}`, status: "completed" }));

  it("finds the ids of a batch and deletes them, and tries to lock them only once", async () => {
    const storage = createPrismaStorage(client);
    await storage.putMany([...completed(25), anInstance({ id: "other" })]);
    attempts = 0;
    const progress: number[] = [];
    expect(await storage.prune({ status: "completed" }, { batchSize: 10, onProgress: (pruned) => progress.push(pruned) })).toBe(25);
    expect(progress).toEqual([10, 20, 25]);
    expect(attempts).toBe(1);
    expect(await database.sql("SELECT id FROM workflow_instances")).toEqual([{ id: "other" }]);
    await storage.putMany(completed(3));
    expect(await storage.prune({ stateContains: { current_step: "payment" }, status: "completed" })).toBe(3);
  });

  it("twice at once, beside writers, deletes no instance that was changed", async () => {
    const storage = createPrismaStorage(client);
    await storage.putMany(completed(600));
    const changed = Array.from({ length: 60 }, (_, n) => `order::${n * 10}`);
    const write = async (id: string): Promise<string[]> => {
      const { count } = await database.client.workflowInstance.updateMany({
        where: { id, status: "completed" },
        data: { status: "running" },
      });
      return count === 1 ? [id] : [];
    };
    const prune = (): Promise<number> => storage.prune({ status: "completed" }, { batchSize: 20 });
    const [first, second, ...written] = await Promise.all([prune(), prune(), ...changed.map(write)]);
    const left = await database.sql("SELECT id FROM workflow_instances ORDER BY id");
    expect(left.map(({ id }) => id)).toEqual(written.flat().sort());
    expect(first + second).toBe(600 - left.length);
  });

  it("ends if the rows can't be deleted", async () => {
    await database.sql("CREATE RULE keep AS ON DELETE TO workflow_instances DO INSTEAD NOTHING");
    const storage = createPrismaStorage(client);
    await storage.putMany(completed(5));
    expect(await storage.prune({ status: "completed" }, { batchSize: 5 })).toBe(0);
    expect(await createPrismaStorage(database.client, { allowRawSql: false }).prune({ status: "completed" }, { batchSize: 5 })).toBe(0);
    await database.sql("DROP RULE keep ON workflow_instances");
  });
});

describe("on Citus", () => {
  const { database, storage } = storageOn(preparePostgresDatabase);
  // The look-up knows Citus by its extension; a row of that name in the catalog is all that it sees.
  beforeAll(() =>
    database.sql(`
      DO $$ BEGIN
        SET LOCAL allow_system_table_mods = on;
        INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
        VALUES (99999, 'citus', 10, 'public'::regnamespace, false, '13.2-1');
      END $$`),
  );

  /** What a call sends that matches. */
  async function sent(pattern: RegExp, call: () => Promise<unknown>): Promise<string[]> {
    database.statements();
    await call();
    return database.statements().filter((statement) => pattern.test(statement));
  }
  const many = (count: number) => Array.from({ length: count }, (_, n) => anInstance({ id: `order::${n}`, status: "completed" }));

  it.each<[string, (use: (storage: PrismaStorage) => Promise<void>) => Promise<void>]>([
    ["outside a transaction", (use) => use(storage)],
    ["inside one", (use) => database.client.$transaction((tx) => use(storage.withTransaction(tx)))],
  ])("putMany sends up to 200 rows as VALUES and more by unnest, and prune locks nothing, %s", async (_, run) => {
    await run(async (storage) => {
      expect(await sent(/VALUES/, () => storage.putMany(many(200)))).toHaveLength(1);
      expect(await sent(/unnest/, () => storage.putMany(many(201)))).toHaveLength(1);
      expect(await storage.query({}, { limit: 1000 })).toHaveLength(201);
      expect(await storage.get("order::7")).toEqual(many(8)[7]);
      expect(await sent(/FOR UPDATE/, () => storage.prune({ status: "completed" }))).toEqual([]);
      expect(await storage.count()).toBe(0);
    });
  });

  it("count reads no ids", async () => {
    await storage.putMany(many(3));
    const [statement] = await sent(/COUNT/, async () => expect(await storage.count()).toBe(3));
    expect(statement).toMatch(/GROUP BY/);
  });
});
