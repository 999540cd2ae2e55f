import { AsyncLocalStorage } from "node:async_hooks";
import { createPrismaStorage, type InstanceStorage, type PrismaClientLike, type PrismaStorageOptions } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { databaseOn, TABLE } from "../storage-on.js";
import { makeEveryCall, oneOfEach } from "./every-call.js";

/** A client that stands for another one, which is looked up with each property. */
function standInFor(current: () => PrismaClientLike): PrismaClientLike {
  return new Proxy({} as PrismaClientLike, {
    get(_, name) {
      const client = current();
      const value: unknown = Reflect.get(client, name);
      return typeof value === "function" ? (value.bind(client) as unknown) : value;
    },
    has: (_, name) => name in current(),
  });
}

describe("a client that stands for that of the current tenant", () => {
  const [acme, globex] = [databaseOn(preparePostgresDatabase), databaseOn(preparePostgresDatabase)];
  const tenants = { acme, globex };
  const context = new AsyncLocalStorage<keyof typeof tenants>();
  const outside = new Error("there is no tenant here");
  const client = standInFor(() => {
    const tenant = context.getStore();
    if (tenant === undefined) throw outside;
    return tenants[tenant].client;
  });
  beforeEach(async () => {
    for (const database of [acme, globex]) await database.sql("DELETE FROM workflow_instances");
  });

  const ids = async (tenant: keyof typeof tenants): Promise<unknown[]> =>
    (await tenants[tenant].sql("SELECT id FROM workflow_instances ORDER BY id")).map(({ id }) => id);

  const made: [where: string, () => InstanceStorage][] = [
    ["outside of any tenant", () => createPrismaStorage(client)],
    ["inside of one", () => context.run("acme", () => createPrismaStorage(client))],
  ];

  it.each(made)("sends every call of a storage that was made %s to the tenant of the call", async (_, make) => {
    const storage = make();
    await Promise.all([
      context.run("acme", () => makeEveryCall(storage, "acme")),
      context.run("globex", () => makeEveryCall(storage, "globex")),
    ]);
    expect([await ids("acme"), await ids("globex")]).toEqual([
      ["acme::put", "acme::update"],
      ["globex::put", "globex::update"],
    ]);
  });

  it.each(made)("fails every call outside of any tenant with its own error, for a storage that was made %s", async (_, make) => {
    const storage = make();
    for (const [name, call] of oneOfEach) await expect(call(storage), name).rejects.toBe(outside);
    expect([await ids("acme"), await ids("globex")]).toEqual([[], []]);
  });

  it("is asked again for each attempt of a call, in the context of the call", async () => {
    const asked: unknown[] = [];
    const flaky = standInFor(() => {
      const tenant = context.getStore() ?? "acme";
      asked.push(tenant);
      return tenants[tenant].client;
    });
    const storage = createPrismaStorage(flaky, { retry: { attempts: 3, minDelayMs: 1, maxDelayMs: 1 } });
    await globex.sql(`CREATE FUNCTION busy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'busy' USING ERRCODE = '40001'; END $$`);
    await globex.sql("CREATE TRIGGER busy BEFORE INSERT ON workflow_instances FOR EACH ROW EXECUTE FUNCTION busy()");
    asked.length = 0;
    await expect(context.run("globex", () => storage.put(anInstance()))).rejects.toThrow();
    expect(asked.filter((tenant) => tenant === "globex").length).toBeGreaterThanOrEqual(3);
    expect(asked).not.toContain("acme");
    await globex.sql("DROP FUNCTION busy CASCADE");
    expect([await ids("acme"), await ids("globex")]).toEqual([[], []]);
  });
});

describe("a client that stands for the current transaction", () => {
  const database = databaseOn(preparePostgresDatabase);
  const transactions = new AsyncLocalStorage<PrismaClientLike>();
  const client = standInFor(() => transactions.getStore() ?? database.client);
  const roll = new Error("roll back");
  beforeEach(() => database.sql("DELETE FROM workflow_instances"));

  const stored = (): Promise<unknown> => database.sql("SELECT id, status FROM workflow_instances ORDER BY id");

  describe.each<[string, PrismaStorageOptions]>([
    ["Prisma's verbs", {}],
    ["SQL", { table: TABLE }],
  ])("by %s", (_, options) => {
    const make = (): InstanceStorage => createPrismaStorage(client, options);
    const inTransaction = <Result>(call: () => Promise<Result>, isolation: { isolationLevel?: "RepeatableRead" } = {}): Promise<Result> =>
      database.client.$transaction((tx) => transactions.run(tx, call), { timeout: 60_000, ...isolation });

    it("rolls every call back with its transaction, and commits those outside of it", async () => {
      const storage = make();
      await storage.put(anInstance({ id: "before" }));
      await database.sql("UPDATE workflow_instances SET status = 'failed'");
      const failed = inTransaction(async () => {
        await storage.delete("before");
        await makeEveryCall(storage, "inside");
        throw roll;
      });
      await expect(failed).rejects.toBe(roll);
      await storage.insert(anInstance({ id: "later" }));
      expect(await stored()).toEqual([
        { id: "before", status: "failed" },
        { id: "later", status: "waiting" },
      ]);
    });

    it("commits with its transaction, for a storage that was made inside of it too", async () => {
      const storages = await inTransaction(async () => {
        const inner = make();
        await makeEveryCall(inner, "inside");
        expect(await stored()).toEqual([]);
        return inner;
      });
      expect(await stored()).toEqual([
        { id: "inside::put", status: "running" },
        { id: "inside::update", status: "waiting" },
      ]);
      await storages.delete("inside::put");
      expect(await stored()).toEqual([{ id: "inside::update", status: "waiting" }]);
    });

    it("retries nothing in there, where only a new transaction could succeed", async () => {
      const storage = make();
      await storage.put(anInstance());
      const failed = inTransaction(
        async () => {
          await storage.get("order::1");
          await database.sql("UPDATE workflow_instances SET status = 'failed'");
          await storage.put(anInstance({ status: "completed" }));
        },
        { isolationLevel: "RepeatableRead" },
      );
      // What a second attempt gets there is 25P02: the transaction is aborted.
      const raw = { code: "P2010", message: expect.stringContaining("Code: `40001`") as string };
      await expect(failed).rejects.toMatchObject(options.table === undefined ? { code: "P2034" } : raw);
      expect(await stored()).toEqual([{ id: "order::1", status: "failed" }]);
    });
  });
});
