import { createHash } from "node:crypto";
import { createPrismaStorage } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type PgBouncer, startPgBouncer } from "../../tools/pgbouncer.js";
import { audit, runWriters } from "../../tools/writers.js";
import { connectClient, createPostgresDatabase, type PostgresDatabase } from "../database.js";

describe("behind PgBouncer in transaction mode", () => {
  let database: PostgresDatabase;
  let bouncer: PgBouncer;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    bouncer = await startPgBouncer(database.url);
  });
  beforeEach(() => database.sql("DELETE FROM workflow_instances"));
  afterAll(async () => {
    await bouncer.stop();
    await database.close();
  });

  it("everything works, from many connections at once", async () => {
    const client = connectClient({ connectionString: bouncer.url, max: 30 });
    const storage = createPrismaStorage(client, { bigIntegers: "bigint" });
    const coalescing = createPrismaStorage(client, { coalesceWrites: true });
    const controller = new AbortController();
    const writing = runWriters(storage, coalescing, 40, controller.signal);
    for (let round = 0; round < 20; round++) {
      await storage.putMany([anInstance({ id: `a${round}` }), anInstance({ id: `b${round}`, runtimeMetadata: { n: 9007199254740993n } })]);
      expect((await storage.get(`b${round}`))?.runtimeMetadata).toEqual({ n: 9007199254740993n });
      await client.$transaction(async (tx) => {
        await storage.withTransaction(tx).update(`a${round}`, (current) => ({ ...current, status: "completed" }));
        await storage.withTransaction(tx).delete(`b${round}`);
      });
    }
    controller.abort();
    const tally = await writing;
    expect(await storage.query({ status: "completed" })).toHaveLength(20);
    for (const { id } of await storage.query({ workflow: "Order.V2" })) await storage.delete(id);
    expect(tally.acknowledged).toBeGreaterThan(40);
    expect(await audit(storage, tally)).toEqual({ lost: [], appliedTwice: 0, torn: [] });
    await client.$disconnect();
  });
});

describe("named statements, on the user's own connections", () => {
  it("are prepared once per connection, and everything works", async () => {
    const database = await createPostgresDatabase();
    const statementNameGenerator = ({ sql }: { sql: string }): string => createHash("sha1").update(sql).digest("base64url");
    const client = connectClient({ connectionString: database.url, max: 1 }, { statementNameGenerator });
    const storage = createPrismaStorage(client);
    for (let n = 0; n < 20; n++) {
      await storage.put(anInstance({ id: `order::${n}` }));
      expect(await storage.get(`order::${n}`)).toStrictEqual(anInstance({ id: `order::${n}` }));
      await storage.update(`order::${n}`, (current) => ({ ...current, workflow: `Order.V${n}` }));
      await storage.putMany([anInstance({ id: `many::${n}` })]);
    }
    expect(await storage.query({ workflowFamily: "Order.V1" })).toHaveLength(11);
    await storage.delete("order::1");
    const prepared = await client.$queryRaw<{ statement: string; calls: bigint }[]>`
      SELECT statement, generic_plans + custom_plans AS calls FROM pg_prepared_statements WHERE statement ~ '^(INSERT|SELECT|UPDATE|DELETE).*workflow_instances'`;
    expect(prepared.length).toBeGreaterThanOrEqual(5);
    expect(prepared.filter(({ calls }) => calls >= 20n).length).toBeGreaterThanOrEqual(3);
    await client.$disconnect();
    await database.close();
  });
});
