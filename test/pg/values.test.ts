import type { Instance } from "hephaestus-prisma";
import { createPgStorage, type PgStorage } from "hephaestus-prisma/pg";
import pg from "pg";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { anInstance } from "hephaestus-prisma/testing";
import { pgOn } from "./pg-on.js";

/** Parses nothing as others do: a storage that reads by the parsers of its pool is wrong. */
const nonsense = { getTypeParser: () => () => "nonsense" } as never;

/** Settings by which a server writes and reads values otherwise. */
const styles = [
  "DateStyle=SQL,DMY",
  "IntervalStyle=sql_standard",
  "TimeZone=Asia/Kolkata",
  "extra_float_digits=-15",
  "bytea_output=escape",
];

describe.each([
  ["the default parsers", {}],
  ["a pool whose parsers make nonsense of everything", { types: nonsense }],
  ["a pool of binary results", { binary: true } as pg.PoolConfig],
  ["sessions of other styles", { options: styles.map((style) => `-c ${style}`).join(" ") }],
])("what the pg storage reads with %s", (_, config) => {
  const { database, storage } = pgOn({ bigIntegers: "bigint" }, config);
  beforeEach(() => storage.put(anInstance()));

  it("is what was stored", async () => {
    expect(await storage.get("order::1")).toStrictEqual(anInstance());
    expect(await storage.query()).toStrictEqual([anInstance()]);
    expect(await storage.count()).toBe(1);
    expect(await storage.countBy("workflowVersion")).toEqual(new Map([[2, 1]]));
    expect(await storage.countBy("workflow")).toEqual(new Map([["Order.V2", 1]]));
    expect(await storage.prune({ status: "waiting" }, { includeActive: true })).toBe(1);
  });

  it("is each instance by itself in a page, with a row that can't be read among them, or has to be looked at", async () => {
    const price = { net: 19.99 };
    const twins = ["a", "c", "d"].map((id) => anInstance({ id, runtimeMetadata: { price } }));
    await storage.putMany([...twins, anInstance({ id: "b" }), anInstance({ id: "e", runtimeMetadata: { text: "1234567890123456" } })]);
    await database.sql("ALTER TABLE workflow_instances ALTER state DROP NOT NULL");
    for (const broken of ["NULL", "'null'", `'{"context": []}'`]) {
      await database.sql(`UPDATE workflow_instances SET state = ${broken} WHERE id = 'b'`);
      const found = await storage.query({}, { onUnreadable: "skip" });
      expect(found.map(({ id }) => id)).toEqual(["a", "c", "d", "e", "order::1"]);
      expect(found.slice(0, 3)).toStrictEqual(twins);
      for (const [index, { runtimeMetadata }] of found.slice(0, 3).entries()) Object.assign(runtimeMetadata.price as object, { index });
      expect(found.slice(0, 3).map(({ runtimeMetadata }) => runtimeMetadata.price)).toEqual(
        [0, 1, 2].map((index) => ({ ...price, index })),
      );
    }
    await database.sql("DELETE FROM workflow_instances WHERE id = 'b'; ALTER TABLE workflow_instances ALTER state SET NOT NULL");
  });

  it("has the times in UTC, to the millisecond, in whatever zone it runs", async () => {
    const before = process.env.TZ;
    try {
      for (const zone of ["America/St_Johns", "Asia/Kolkata", "UTC"]) {
        process.env.TZ = zone;
        await database.sql("UPDATE workflow_instances SET inserted_at = '1969-12-31 23:59:59.999', updated_at = '2026-03-29 02:30:00.123'");
        const { items } = await storage.list();
        expect(items.map(({ insertedAt, updatedAt }) => [insertedAt.getTime(), updatedAt.toISOString()])).toEqual([
          [-1, "2026-03-29T02:30:00.123Z"],
        ]);
        await storage.put(anInstance());
        const [row] = await database.sql(
          "SELECT abs(extract(epoch FROM timezone('UTC', clock_timestamp()) - updated_at)) < 60 AS recent FROM workflow_instances",
        );
        expect(row).toEqual({ recent: true });
      }
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });

  it("has every digit of a number, without a second query", async () => {
    await database.sql(
      `UPDATE workflow_instances SET state = state || '{"runtime_metadata": {"n": 9007199254740993, "m": 1e30, "d": 1.5e-9}}'`,
    );
    expect((await storage.get("order::1"))?.runtimeMetadata).toEqual({ n: 9007199254740993n, m: 10n ** 30n, d: 1.5e-9 });
  });

  it("stays as it is stored after a put of what was read", async () => {
    const state = `{"later": {"v": [1.50, 100]}, "active_steps": ["b", "a"], "runtime_metadata": {"n": 18446744073709551617}}`;
    await database.sql("UPDATE workflow_instances SET state = $1", [state]);
    const current = (await storage.get("order::1")) as Instance;
    await storage.put(current);
    const [row] = await database.sql("SELECT state @> $1 AND state->'active_steps' = '[\"b\", \"a\"]' AS same FROM workflow_instances", [
      state,
    ]);
    expect(row).toEqual({ same: true });
  });
});

describe("a row of the pg storage that holds no instance", () => {
  const { database, storage } = pgOn({ table: "loose" });
  let insert: (state: string | null) => Promise<unknown>;
  beforeEach(async () => {
    await database.sql("CREATE TABLE IF NOT EXISTS loose (LIKE workflow_instances INCLUDING DEFAULTS)");
    await database.sql("ALTER TABLE loose ALTER state DROP NOT NULL");
    await database.sql("DELETE FROM loose");
    insert = (state) => database.sql("INSERT INTO loose (id, workflow, state) VALUES ('a', 'W', $1)", [state]);
  });

  it.each([
    [null, "state"],
    ["[]", "state"],
    ['{"context": 1}', "state.context"],
  ])("is corrupt with the state %j", async (state, path) => {
    await insert(state);
    await expect(storage.get("a")).rejects.toMatchObject({ code: "CORRUPT_INSTANCE", id: "a", path });
    expect(await storage.query({}, { onUnreadable: "skip" })).toEqual([]);
  });
});

describe("tables of the pg storage", () => {
  const { database, pool } = pgOn();
  let other: PgStorage;
  beforeEach(async () => {
    await database.sql('CREATE SCHEMA IF NOT EXISTS "Tenant A"');
    await database.sql('CREATE TABLE IF NOT EXISTS "Tenant A"."Runs" (LIKE workflow_instances INCLUDING ALL)');
    other = createPgStorage(pool, { table: '"Tenant A".Runs' });
  });

  it("keep their instances apart, also on one connection with named statements", async () => {
    const single = new pg.Pool({ connectionString: database.url, max: 1 });
    const [one, two] = [createPgStorage(single), createPgStorage(single, { table: '"Tenant A".Runs' })];
    await one.put(anInstance({ id: "a" }));
    await two.put(anInstance({ id: "b" }));
    expect([await one.get("b"), await two.get("a")]).toEqual([null, null]);
    expect([(await one.query()).length, (await two.query()).length]).toEqual([1, 1]);
    await single.end();
  });

  it("are found on the search path if they are named without a schema", async () => {
    const there = new pg.Pool({ connectionString: database.url, options: '-c search_path="Tenant\\ A"' });
    const found = createPgStorage(there, { table: "Runs" });
    await other.put(anInstance({ id: "c" }));
    expect(await found.get("c")).toEqual(anInstance({ id: "c" }));
    await there.end();
  });

  it("must have a name", () => {
    const option = { code: "INVALID_OPTION", option: "table" };
    for (const table of ["", "a.b.c", 'a"b', "x".repeat(64)])
      expect(() => createPgStorage(pool, { table })).toThrow(expect.objectContaining(option));
  });

  afterAll(() => database.sql('DROP TABLE IF EXISTS "Tenant A"."Runs"'));
});

describe("options of the pg storage", () => {
  const { pool } = pgOn();

  it.each([
    ["namedStatements", "yes", "expected true or false"],
    ["model", "workflowInstance", "there is no such option; there are namedStatements, table, bigIntegers"],
    ["coalesceWrites", 1, "expected true or false"],
  ])("rejects %s: %j", (option, value, problem) => {
    const error = expect.objectContaining({
      code: "INVALID_OPTION",
      option,
      message: expect.stringContaining(problem) as string,
    }) as Error;
    expect(() => createPgStorage(pool, { [option]: value })).toThrow(error);
  });
});
