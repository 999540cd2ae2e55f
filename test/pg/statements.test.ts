import { createPrismaStorage, type Instance, type InstanceStorage, type StorageOperation } from "hephaestus-prisma";
import { createPgStorage } from "hephaestus-prisma/pg";
import { anInstance } from "hephaestus-prisma/testing";
import pg from "pg";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { RecordingPool } from "../recording-pool.js";
import { databaseOn, TABLE } from "../storage-on.js";
import { pgOn } from "./pg-on.js";

const PREPARED = "SELECT name FROM pg_prepared_statements ORDER BY name";
const many = (count: number): Instance[] =>
  Array.from({ length: count }, (_, n) => anInstance({ id: `many::${String(n).padStart(4, "0")}` }));

describe("the statements of the pg storage", () => {
  const database = databaseOn(preparePostgresDatabase);
  const pool = new RecordingPool({ connectionString: database.url, max: 1 });
  const storage = createPgStorage(pool);
  const texts = (): string[] => pool.sent().map(({ text }) => text);
  beforeEach(async () => {
    await database.sql("DELETE FROM workflow_instances");
    texts();
  });
  afterAll(() => pool.end());

  it("are one for each call", async () => {
    await storage.putMany([anInstance(), anInstance({ id: "new" })]);
    await storage.delete("new");
    const current = (await storage.get("order::1")) as Instance;
    texts();
    const swap = (): Promise<void> => storage.put({ ...current, status: "failed" }, { expected: current });
    const calls: [RegExp, () => Promise<unknown>][] = [
      [/^SELECT .*state::text AS state_text FROM "workflow_instances" WHERE id = \$1::text$/, () => storage.get("order::1")],
      [/^INSERT INTO "workflow_instances" .* ON CONFLICT \(id\) DO UPDATE SET/, () => storage.put(anInstance())],
      [/^UPDATE .* WHERE id = \$1::text AND .* AND state = \$9::text::jsonb$/, swap],
      [/^INSERT .* ON CONFLICT \(id\) DO NOTHING$/, () => storage.insert(anInstance({ id: "new" }))],
      [/^INSERT .* VALUES \(.*\), \(.*\) ON CONFLICT .* DO UPDATE SET/, () => storage.putMany(many(2))],
      [/^SELECT .*state::text.* ORDER BY id asc$/, () => storage.query()],
      [/^SELECT (?!.*\bstate\b).* LIMIT 51$/, () => storage.list()],
      [/^SELECT count\(\*\)::text AS count FROM/, () => storage.count()],
      [/^SELECT status::text AS value, count\(\*\)::text AS count .* GROUP BY status$/, () => storage.countBy("status")],
      [/^DELETE FROM .* WHERE id = \$1::text$/, () => storage.delete("new")],
    ];
    for (const [pattern, call] of calls) {
      await call();
      expect(texts()).toEqual([expect.stringMatching(pattern)]);
    }
    await storage.putMany([]);
    expect(texts()).toEqual([]);
  });

  it("have texts as parameters, each of them cast", async () => {
    const current = anInstance();
    await storage.putMany([current, anInstance({ id: "new" })]);
    await storage.put({ ...current, status: "failed" }, { expected: current });
    const [from, to] = [new Date(0), new Date("9999-12-31")];
    await storage.query(
      { statusIn: ["failed"], workflowVersion: 2, insertedAfter: from, updatedBefore: to, stateContains: {} },
      { limit: 1 },
    );
    await storage.prune({ statusIn: ["failed"], workflowIn: ['"\\,{}'], workflowFamily: "%" });
    for (const { text, values } of pool.sent()) {
      expect(values.filter((value) => typeof value !== "string")).toEqual([]);
      expect(text).not.toMatch(/\$\d+(?!\d|::text)/);
    }
  });

  it("take one transaction on one connection for more rows than one statement carries, all or none", async () => {
    await storage.putMany(many(1001));
    expect(texts().map((text) => text.split(" ")[0])).toEqual(["BEGIN", "INSERT", "INSERT", "COMMIT"]);
    expect(await storage.count({ workflow: "Order.V2" })).toBe(1001);

    await database.sql("DELETE FROM workflow_instances");
    await database.sql("ALTER TABLE workflow_instances ADD CONSTRAINT no_last CHECK (id <> 'many::1000')");
    texts();
    await expect(storage.putMany(many(1001))).rejects.toMatchObject({ code: "23514", constraint: "no_last" });
    expect(texts().map((text) => text.split(" ")[0])).toEqual(["BEGIN", "INSERT", "INSERT", "ROLLBACK"]);
    expect(await storage.count()).toBe(0);
    await database.sql("ALTER TABLE workflow_instances DROP CONSTRAINT no_last");
    await storage.putMany(many(1001));
    expect(await storage.count()).toBe(1001);
    expect([pool.totalCount, pool.idleCount, pool.waitingCount]).toEqual([1, 1, 0]);
  });
});

describe("the names of statements of the pg storage", () => {
  const database = databaseOn(preparePostgresDatabase);
  let pool: pg.Pool;
  beforeEach(async () => {
    await database.sql("DELETE FROM workflow_instances");
    pool = new pg.Pool({ connectionString: database.url, max: 1 });
  });
  afterEach(() => pool.end());
  const prepared = async (): Promise<string[]> => (await pool.query<{ name: string }>(PREPARED)).rows.map(({ name }) => name);
  const nameOf = (verb: string): string => `hephaestus ${verb} "public"."workflow_instances"`;

  /** Makes calls that send every statement. */
  async function callAll(storage: InstanceStorage): Promise<void> {
    for (let n = 0; n < 10; n++) {
      await storage.put(anInstance({ status: "waiting" }));
      await storage.update("order::1", (current) => ({ ...current, status: "running" }));
      await storage.insert(anInstance({ id: `inserted::${n}` }));
      await storage.delete(`inserted::${n}`);
      await storage.query({ status: "running" }, { limit: n + 1 });
      await storage.list({ workflowFamily: "Order." }, { limit: n + 1 });
      await storage.count({ workflow: "Order.V2" });
      await storage.countBy("status");
    }
    for (const count of [2, 20, 21]) await storage.putMany(many(count));
    await storage.prune({ statusIn: ["failed"] });
  }

  it("are those of what is by id or writes, once a connection, and of no other", async () => {
    await callAll(createPgStorage(pool, { table: TABLE }));
    expect(await prepared()).toEqual(["delete", "get", "insert", "put", "put 2", "put 20", "swap"].map(nameOf));
  });

  it("are others for groups of puts, whose rows come back", async () => {
    const storage = createPgStorage(pool, { table: TABLE, coalesceWrites: true });
    await storage.put(anInstance());
    await Promise.all(many(7).map((instance) => storage.put(instance))); // one at once, and two groups of three
    expect(await prepared()).toEqual(["put each", "put each 3"].map(nameOf));
  });

  it("are none with namedStatements: false", async () => {
    const storage = createPgStorage(pool, { table: TABLE, namedStatements: false });
    await callAll(storage);
    expect((await storage.get("order::1"))?.status).toBe("running");
    expect(await prepared()).toEqual([]);
  });

  it.each([
    [true, ["put"]],
    [false, []],
  ])("are the same in a transaction, with namedStatements: %j", async (namedStatements, verbs) => {
    const client = await pool.connect();
    await client.query("BEGIN");
    await createPgStorage(pool, { table: TABLE, namedStatements }).withTransaction(client).put(anInstance());
    await client.query("COMMIT");
    client.release();
    expect(await prepared()).toEqual(verbs.map(nameOf));
  });

  it("are none if they would have more than the 63 bytes that PostgreSQL keeps", async () => {
    const table = "t".repeat(44); // `hephaestus get "…"` has 61 bytes, `hephaestus delete "…"` 64
    await pool.query(`CREATE TABLE ${table} (LIKE workflow_instances INCLUDING ALL)`);
    const storage = createPgStorage(pool, { table });
    await storage.put(anInstance());
    await storage.delete("order::1");
    expect(await prepared()).toEqual([`hephaestus put "${table}"`]);
  });
});

describe("an instance that another storage has read", () => {
  const { database, pool } = pgOn();
  const rich = { at: new Date(0), n: 2n ** 63n + 1n, ratio: 0.1, map: new Map([[1, -0]]) };
  const large = { ...rich, large: 1e23, integer: 2n ** 70n };
  const verbs = (): InstanceStorage => createPrismaStorage(database.client);
  const sql = (): InstanceStorage => createPrismaStorage(database.client, { table: TABLE, bigIntegers: "bigint" });
  const pgs = (): InstanceStorage => createPgStorage(pool, { bigIntegers: "bigint" });
  const plainPg = (): InstanceStorage => createPgStorage(pool);

  it.each([
    { by: "Prisma's verbs", on: "pg", storages: [verbs, plainPg], runtimeMetadata: rich },
    { by: "pg", on: "Prisma's verbs", storages: [plainPg, verbs], runtimeMetadata: rich },
    { by: "SQL through Prisma", on: "pg", storages: [sql, pgs], runtimeMetadata: large },
    { by: "pg", on: "SQL through Prisma", storages: [pgs, sql], runtimeMetadata: large },
  ] as const)("by $by can be expected on the same table by $on", async ({ storages: [reader, writer], runtimeMetadata }) => {
    const [reads, writes] = [reader(), writer()];
    await writes.put(anInstance({ runtimeMetadata }));
    for (const read of [() => reads.get("order::1"), async () => (await reads.query())[0]]) {
      const current = (await read()) as Instance;
      await writes.put({ ...current, currentStep: `${current.currentStep}+` }, { expected: current });
      await expect(writes.put({ ...current, status: "failed" }, { expected: current })).rejects.toMatchObject({ code: "CONFLICT" });
    }
    const updated = await reads.update("order::1", (current) => ({ ...current, status: "running" }));
    await writes.put({ ...updated, status: "completed" }, { expected: { ...updated } });
    expect(await writes.get("order::1")).toEqual(anInstance({ runtimeMetadata, status: "completed", currentStep: "payment++" }));
    await expect(writes.put(updated, { expected: { ...updated } })).rejects.toMatchObject({ code: "CONFLICT" });
  });
});

describe("operations of the pg storage", () => {
  const { database, pool } = pgOn();

  it("are reported to onOperation, inside a transaction too", async () => {
    const seen: StorageOperation[] = [];
    const storage = createPgStorage(pool, { onOperation: (operation) => seen.push(operation), recordIds: true });
    await storage.put(anInstance());
    const client = await pool.connect();
    await client.query("BEGIN");
    await storage.withTransaction(client).get("order::1");
    await client.query("COMMIT");
    client.release();
    expect(seen).toMatchObject([
      { operation: "put", rows: 1, outcome: "ok", ids: ["order::1"] },
      { operation: "get", rows: 1, outcome: "ok", ids: ["order::1"] },
    ]);
    expect(await database.sql("SELECT id FROM workflow_instances")).toEqual([{ id: "order::1" }]);
  });
});
