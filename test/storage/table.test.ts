import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage, type InstanceStorage, InvalidTableError, type PrismaStorage } from "hephaestus-prisma";
import { createPgStorage } from "hephaestus-prisma/pg";
import { anInstance } from "hephaestus-prisma/testing";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { PrismaClient } from "../../generated/prisma/client.js";
import { connectClient, preparePartitionedDatabase, preparePostgresDatabase } from "../database.js";
import { databaseOn, storageOn, TABLE } from "../storage-on.js";
import { makeEveryCall, oneOfEach } from "./every-call.js";

const many = (count: number) => Array.from({ length: count }, (_, n) => anInstance({ id: `order::${n}`, status: "completed" }));
const MATCH = { stateContains: { current_step: "payment" } };

describe("a partitioned table", () => {
  const { database, storage } = storageOn(preparePartitionedDatabase, { table: TABLE });

  it("is spread over its partitions", async () => {
    await storage.putMany(many(80));
    const leaves = await database.sql("SELECT DISTINCT tableoid::regclass::text FROM workflow_instances");
    expect(leaves).toHaveLength(8);
  });

  it("is read, counted, written and pruned as a whole, in a transaction that holds the pool's only connection", async () => {
    const client = connectClient({ connectionString: database.url, max: 1 });
    onTestFinished(() => client.$disconnect());
    const lone = createPrismaStorage(client, { table: TABLE });
    await storage.putMany(many(80));
    await client.$transaction(async (tx) => {
      const inner = lone.withTransaction(tx);
      expect(await inner.query(MATCH)).toHaveLength(80);
      expect(await inner.count(MATCH)).toBe(80);
      await inner.putMany(many(81));
      expect(await inner.count()).toBe(81);
    });
    expect(await storage.count(MATCH)).toBe(81);
    expect(await storage.prune({ status: "completed" })).toBe(81);
  });
});

describe("the option table", () => {
  const { database } = storageOn(preparePostgresDatabase);
  const { client } = database;
  const create = (table: unknown): PrismaStorage => createPrismaStorage(client, { table: table as string });

  it.each([
    ...["workflow_instances", '"workflow_instances"', "", ".", "public.", ".workflow_instances", "db.public.workflow_instances"],
    ...["public.workflow-instances", "public.workflow_instances; DROP TABLE x", 'public."a', "public. workflow_instances", "public.1a"],
    ...[`public.${"x".repeat(64)}`, `public."${"é".repeat(32)}"`, 'public.""', null, 7, ["public", "workflow_instances"]],
  ])("rejects the name %j, which is not that of a table with its schema", (table) => {
    expect(() => create(table)).toThrow(
      expect.objectContaining({
        code: "INVALID_OPTION",
        option: "table",
        message: expect.stringContaining('with its schema, such as "public.workflow_instances"') as string,
      }),
    );
  });

  it.each(["bigIntegers", "coalesceWrites"])("is what %s needs, which is said when the storage is created", (option) => {
    const options = { [option]: option === "bigIntegers" ? "bigint" : true };
    expect(() => createPrismaStorage(client, options)).toThrow(
      expect.objectContaining({
        code: "INVALID_OPTION",
        option,
        message: expect.stringContaining('{ table: "public.workflow_instances" }') as string,
      }),
    );
    createPrismaStorage(client, { ...options, table: TABLE });
    createPrismaStorage(client, { bigIntegers: "error", coalesceWrites: false });
  });

  it.each([
    [`tenant_a.workflow_instances`, "tenant_a", "workflow_instances"],
    [`"Tenant ""a""".Runs`, `"Tenant ""a"""`, `"Runs"`],
    [`"schéma.x"."a""b.c"`, `"schéma.x"`, `"a""b.c"`],
  ])("names %s to the letter, whatever the search path", async (table, schema, name) => {
    await database.sql(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.${name} (LIKE public.workflow_instances INCLUDING ALL)`);
    await makeEveryCall(create(table), "there");
    expect(await database.sql(`SELECT id FROM ${schema}.${name} ORDER BY id`)).toEqual([{ id: "there::put" }, { id: "there::update" }]);
    expect(await database.sql("SELECT id FROM public.workflow_instances")).toEqual([]);
  });

  it("wins over the schema of the driver adapter, which Prisma's verbs use", async () => {
    await database.sql("CREATE SCHEMA second; CREATE TABLE second.workflow_instances (LIKE public.workflow_instances INCLUDING ALL)");
    const second = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }, { schema: "second" }) });
    onTestFinished(() => second.$disconnect());
    await createPrismaStorage(second).put(anInstance({ id: "verbs" }));
    await createPrismaStorage(second, { table: TABLE }).put(anInstance({ id: "sql" }));
    expect(await database.sql("SELECT id FROM second.workflow_instances")).toEqual([{ id: "verbs" }]);
    expect(await database.sql("SELECT id FROM public.workflow_instances")).toEqual([{ id: "sql" }]);
  });
});

describe("a table that is missing or lacks a column", () => {
  const database = databaseOn(preparePostgresDatabase);
  const empty = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }, { schema: "nowhere" }) });
  const lacking = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }, { schema: "lacking" }) });
  beforeAll(() =>
    database.sql(
      "CREATE SCHEMA lacking; CREATE TABLE lacking.workflow_instances (LIKE public.workflow_instances); ALTER TABLE lacking.workflow_instances DROP COLUMN state, DROP COLUMN status",
    ),
  );
  afterAll(() => Promise.all([empty.$disconnect(), lacking.$disconnect()]));

  const cases: [what: string, make: () => InstanceStorage, code: string, sqlState: string][] = [
    ["missing, by SQL", () => createPrismaStorage(database.client, { table: "nowhere.workflow_instances" }), "P2010", "42P01"],
    ["lacking, by SQL", () => createPrismaStorage(database.client, { table: "lacking.workflow_instances" }), "P2010", "42703"],
    ["missing, by Prisma's verbs", () => createPrismaStorage(empty), "P2021", "42P01"],
    ["lacking, by Prisma's verbs", () => createPrismaStorage(lacking), "P2022", "42703"],
    ["missing, by pg", () => createPgStorage(database.pool, { table: "nowhere.workflow_instances" }), "42P01", "42P01"],
    ["lacking, by pg", () => createPgStorage(database.pool, { table: "lacking.workflow_instances" }), "42703", "42703"],
  ];

  describe.each(cases)("is INVALID_TABLE: %s", (what, make, code, sqlState) => {
    // Neither of these names a column that is missing.
    const calls = oneOfEach.filter(([name]) => !(what.startsWith("lacking") && ["delete", "count"].includes(name)));

    it.each(calls)("at the first call of %s, with the driver's error and what to run", async (_, call) => {
      const error: unknown = await call(make()).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(InvalidTableError);
      expect(error).toMatchObject({
        code: "INVALID_TABLE",
        message: expect.stringContaining("Run: npx hephaestus-prisma doctor") as string,
        cause: { code },
      });
      expect(JSON.stringify([error, (error as Error).cause])).toContain(sqlState);
    });
  });

  it("has no side effect on another one: nothing was written", async () => {
    expect(await database.sql("SELECT id FROM lacking.workflow_instances UNION ALL SELECT id FROM public.workflow_instances")).toEqual([]);
  });
});

describe("a view", () => {
  const database = databaseOn(preparePostgresDatabase);
  const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }, { schema: "tenant_a" }) });
  beforeAll(() =>
    database.sql(
      "CREATE SCHEMA tenant_a; CREATE VIEW tenant_a.workflow_instances AS SELECT * FROM public.workflow_instances WHERE id LIKE 'a::%' WITH CHECK OPTION",
    ),
  );
  beforeEach(() => database.sql("DELETE FROM public.workflow_instances"));
  afterAll(() => client.$disconnect());

  it.each([
    ["Prisma's verbs", () => createPrismaStorage(client), { status: "completed" } as const],
    ["SQL through Prisma", () => createPrismaStorage(client, { table: "tenant_a.workflow_instances" }), MATCH],
    ["pg", () => createPgStorage(database.pool, { table: "tenant_a.workflow_instances" }), MATCH],
  ])("is what a storage on it reads and writes, and no more: by %s", async (_, make, filters) => {
    const storage = make();
    await createPrismaStorage(database.client).putMany(["a::1", "b::1", "b::2"].map((id) => anInstance({ id, status: "completed" })));
    expect(await storage.count(filters)).toBe(1);
    expect(await storage.get("b::1")).toBeNull();
    await storage.putMany([anInstance({ id: "a::2" }), anInstance({ id: "a::3" })]);
    await expect(storage.putMany([anInstance({ id: "a::4" }), anInstance({ id: "c::1" })])).rejects.toThrow(/check option/);
    expect(await storage.prune({ status: "completed" })).toBe(1);
    const ids = (await database.sql("SELECT id FROM public.workflow_instances ORDER BY id")).map(({ id }) => id);
    expect(ids).toEqual(["a::2", "a::3", "b::1", "b::2"]);
  });
});

describe("two tables on one connection of a pg pool", () => {
  const database = databaseOn(preparePostgresDatabase);
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  afterAll(() => pool.end());
  const long = `${"x".repeat(40)}.${"y".repeat(40)}`;
  const tables = ["tenant_a.workflow_instances", "tenant_b.workflow_instances", TABLE, long];
  beforeAll(async () => {
    for (const table of tables.filter((one) => one !== TABLE))
      await database.sql(`CREATE SCHEMA ${table.split(".")[0]}; CREATE TABLE ${table} (LIKE public.workflow_instances INCLUDING ALL)`);
  });

  it("have statements of different names, and each its own rows", async () => {
    const storages = tables.map((table) => createPgStorage(pool, { table }));
    await Promise.all(storages.map((storage, n) => makeEveryCall(storage, `t${n}`)));
    for (const [n, table] of tables.entries())
      expect(await database.sql(`SELECT id FROM ${table} ORDER BY id`)).toEqual([{ id: `t${n}::put` }, { id: `t${n}::update` }]);
    const names = (await pool.query<{ name: string }>("SELECT name FROM pg_prepared_statements")).rows.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const table of ['"tenant_a"."workflow_instances"', '"tenant_b"."workflow_instances"', '"public"."workflow_instances"'])
      expect(names).toEqual(
        expect.arrayContaining(["get", "put", "put 2", "insert", "swap", "delete"].map((verb) => `hephaestus ${verb} ${table}`)),
      );
    expect(names.filter((name) => name.includes("xxx"))).toEqual([]); // PostgreSQL would cut it, and two tables could share it
  });
});
