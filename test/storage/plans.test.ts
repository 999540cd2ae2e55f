import { PrismaPg } from "@prisma/adapter-pg";
import { createInstance, createPrismaStorage, type InstanceStorage, type QueryFilters } from "hephaestus-prisma";
import { deployMigrations } from "hephaestus-prisma/migrate";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { PrismaClient } from "../../generated/prisma/client.js";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { allOf, genericPlanOf, indexesOf, type Plan, planOf, plannedOf, plansOf } from "../plans.js";
import { RecordingPool } from "../recording-pool.js";
import { sqlWays } from "../sql-ways.js";

const ROWS = 100_000;

/** A database with a language's collation, under which a plain index can't serve a prefix. */
async function createEnglishDatabase(): Promise<{ url: string; close: () => Promise<void> }> {
  const name = `${inject("template")}_english`;
  const admin = new pg.Client({ connectionString: inject("serverUrl") });
  await admin.connect();
  const { rows } = await admin.query<{ icu: boolean }>("SELECT current_setting('server_version_num')::int >= 150000 AS icu");
  const locale = rows[0]?.icu ? "LOCALE_PROVIDER icu ICU_LOCALE 'en-US'" : "LOCALE 'en_US.utf8'"; // PostgreSQL 14 has only the system's collations
  await admin.query(`CREATE DATABASE ${name} TEMPLATE template0 ${locale} ENCODING 'UTF8'`);
  await admin.end();
  const url = new URL(inject("serverUrl"));
  url.pathname = `/${name}`;
  await deployMigrations(new PrismaPg({ connectionString: url.href }));
  return { url: url.href, close: () => Promise.resolve() };
}

/** The ids of the first instances of a stream. */
async function streamed(storage: InstanceStorage, filters: QueryFilters, many: number, batchSize = 100): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of storage.stream(filters, { batchSize })) if (ids.push(id) === many) break;
  return ids;
}

/** A cursor that points into the middle. */
const deepCursor = (orderBy: "updatedAt" | "insertedAt"): string => {
  const at = Date.UTC(2026, orderBy === "updatedAt" ? 1 : 0, 1) + 50_000_000;
  return Buffer.from(JSON.stringify([orderBy, "desc", at, "order::050000"])).toString("base64url");
};

type Call = readonly [name: string, call: (storage: InstanceStorage) => Promise<unknown>];

const calls: readonly Call[] = [
  ["get", (storage) => storage.get("order::000777")],
  ["put", (storage) => storage.put(createInstance({ id: "order::000777", workflow: "Order.V1" }))],
  ["insert and delete", (storage) => storage.insert(createInstance({ id: "new", workflow: "Order.V1" })).then(() => storage.delete("new"))],
  ["update", (storage) => storage.update("order::000777", (current) => ({ ...current, currentStep: `${current.currentStep}+` }))],
  [
    "putMany",
    async (storage) => storage.putMany(["order::000777", "order::000778"].map((id) => createInstance({ id, workflow: "Order.V1" }))),
  ],
  ["a page", (storage) => storage.query({}, { limit: 50, after: "order::050000" })],
  ["a page of one status", (storage) => storage.query({ status: "failed" }, { limit: 50, after: "order::050000" })],
  ["a page of two statuses", (storage) => storage.query({ statusIn: ["failed", "waiting"] }, { limit: 50, after: "order::050000" })],
  ["a page of one workflow", (storage) => storage.query({ workflow: "Family7.V1" }, { limit: 50, after: "order::050000" })],
  ["a page of a family", (storage) => storage.query({ workflowFamily: "Family7." }, { limit: 50 })],
  ["a page of several families", (storage) => storage.query({ workflowFamilyIn: ["Family7.", "Family8."] }, { limit: 50 })],
  ["a list by updatedAt", (storage) => storage.list()],
  ["a deep list by updatedAt", (storage) => storage.list({}, { cursor: deepCursor("updatedAt") })],
  ["a deep list by insertedAt", (storage) => storage.list({}, { orderBy: "insertedAt", cursor: deepCursor("insertedAt") })],
  ["a list of one status", (storage) => storage.list({ status: "failed" }, { limit: 50 })],
  ["a count of recently updated instances", (storage) => storage.count({ updatedAfter: new Date("2026-02-02T03:40:00Z") })],
  [
    "prune",
    (storage) => storage.prune({ statusIn: ["completed", "failed"], updatedBefore: new Date("2026-02-01T00:05:00Z") }, { batchSize: 100 }),
  ],
];

const containment: readonly Call[] = [
  ["containment", (storage) => storage.query({ contextContains: { customer: 4711 } })],
  [
    "containment with a page and a status",
    (storage) => storage.query({ stateContains: { context: { initial: { customer: 4711 } } }, status: "failed" }, { limit: 50 }),
  ],
  ["a stream of a pattern in many states", (storage) => streamed(storage, { stateContains: { current_step: "step7" } }, 250)],
  ["a stream of a pattern in few states", (storage) => streamed(storage, { contextContains: { customer: 4711 } }, 250, 1)],
];

describe.each(["C", "en-US"])(`plans at ${ROWS} rows, under the collation %s`, (collation) => {
  let database: PostgresDatabase | undefined;
  let pool: RecordingPool;
  let close: (() => Promise<void>)[];
  let storages: Readonly<Record<string, InstanceStorage>>;

  beforeAll(async () => {
    database = collation === "C" ? await createPostgresDatabase() : undefined;
    pool = new RecordingPool({ connectionString: database?.url ?? (await createEnglishDatabase()).url });
    await pool.query(`
      INSERT INTO workflow_instances (id, workflow, workflow_version, status, state, inserted_at, updated_at)
      SELECT 'order::' || lpad(n::text, 6, '0'), 'Family' || n % 50 || '.V' || n % 3, 1 + n % 3,
             (ARRAY['pending','running','waiting','completed','completed','completed','completed','failed'])[1 + n % 8],
             jsonb_build_object('current_step', 'step' || n % 20, 'context', jsonb_build_object('initial', jsonb_build_object('customer', n), 'steps', '{}'::jsonb)),
             timestamp '2026-01-01' + n * interval '1 s', timestamp '2026-02-01' + n * interval '1 s'
      FROM generate_series(1, ${ROWS}) AS n`);
    await pool.query("VACUUM ANALYZE workflow_instances");
    const client = new PrismaClient({ adapter: new PrismaPg(pool) });
    const routes = sqlWays.map(({ way, routeOn }) => ({ way, route: routeOn(pool) }));
    storages = {
      verbs: createPrismaStorage(client),
      ...Object.fromEntries(routes.map(({ way, route }) => [way, route.create()])),
    };
    close = [
      () => client.$disconnect(),
      ...routes.map(
        ({ route }) =>
          () =>
            route.close(),
      ),
      () => pool.end(),
    ];
  }, 120_000);
  afterAll(async () => {
    for (const end of close) await end();
    await database?.close();
  });

  const storageBy = (way: string): InstanceStorage => storages[way] as InstanceStorage;

  /** The whole-table scans in the plans of all statements that a call sends, for their parameters and for all. */
  async function scansOf(way: string, call: Call[1]): Promise<Plan[]> {
    pool.sent();
    await call(storageBy(way));
    const statements = plannedOf(pool.sent());
    expect(statements.length).toBeGreaterThan(0);
    const plans: Plan[] = [];
    for (const statement of statements) plans.push(...(await plansOf(pool, statement)));
    return plans.flatMap(allOf).filter((one) => one["Node Type"] === "Seq Scan");
  }

  it.each(calls)("%s by Prisma's verbs scans no table", async (_, call) => {
    expect(await scansOf("verbs", call)).toEqual([]);
  });

  describe.each(sqlWays)("by $way", ({ way }) => {
    it.each([...calls, ...containment])("%s scans no table", async (_, call) => {
      expect(await scansOf(way, call)).toEqual([]);
    });
  });

  it("what is by id has one plan for all parameters, by the primary key, and is what pg names", async () => {
    pool.sent();
    const storage = storageBy("pg");
    await storage.get("order::000001");
    await storage.update("order::000001", (current) => ({ ...current, currentStep: "x" }));
    await storage.delete("order::000001");
    const named = plannedOf(pool.sent()).filter(({ name }) => name !== undefined);
    expect(named.map(({ name }) => name)).toEqual(
      ["get", "get", "swap", "delete"].map((verb) => `hephaestus ${verb} "workflow_instances"`),
    );
    for (const statement of named)
      for (const plan of await plansOf(pool, statement)) expect(indexesOf(plan)).toEqual(["workflow_instances_pkey"]);
  });

  it("a stream of a pattern in many states searches the index once, for its first page, then walks the primary key", async () => {
    const searched = async (filters: QueryFilters, batchSize: number): Promise<number[]> => {
      pool.sent();
      await streamed(storageBy("pg"), filters, batchSize * 2 + 1, batchSize);
      const loops: number[] = [];
      for (const statement of pool.sent().filter(({ text }) => text.startsWith("WITH"))) {
        const nodes = allOf(await planOf(pool, statement, "ANALYZE, "));
        loops.push(nodes.find((plan) => plan["Index Name"] === "idx_workflow_instances_state")?.["Actual Loops"] ?? NaN);
      }
      return loops;
    };
    expect(await searched({ stateContains: { current_step: "step7" } }, 100)).toEqual([1, 0, 0]);
    expect(await searched({ contextContains: { customer: 4711 } }, 1)).toEqual([1, 1]);
  });

  it.each([1, 7, 100])("a stream of a pattern in some states returns each of them, in batches of %d", async (batchSize) => {
    const { rows } = await pool.query<{ id: string }>(
      `SELECT id FROM workflow_instances WHERE state @> '{"current_step": "step7"}' AND status = 'failed' AND workflow LIKE 'Family7.%' ORDER BY id`,
    );
    const filters = { stateContains: { current_step: "step7" }, status: "failed", workflowFamily: "Family7." } as const;
    for (const { way } of sqlWays) expect(await streamed(storageBy(way), filters, Infinity, batchSize)).toEqual(rows.map(({ id }) => id));
    expect(rows.length).toBeGreaterThan(100);
  });

  it("a query that needs the whole table scans it, so this test can fail", async () => {
    expect(await scansOf("pg", (storage) => storage.count({ stateContains: {} }))).toMatchObject([
      { "Node Type": "Seq Scan", "Relation Name": "workflow_instances" },
    ]);
  });

  it("a prefix is looked up in its index only with a plan for its parameter, so what has one isn't named", async () => {
    for (const { way } of sqlWays) {
      pool.sent();
      await storageBy(way).count({ workflowFamily: "Family7." });
      const [statement] = plannedOf(pool.sent());
      if (statement === undefined) throw new Error("nothing was sent");
      expect(statement.name).toBeUndefined();
      const lookedUp = (plan: Plan): boolean => allOf(plan).some((one) => one["Index Cond"]?.includes("workflow") ?? false);
      expect(lookedUp(await planOf(pool, statement))).toBe(true);
      expect(lookedUp(await genericPlanOf(pool, statement))).toBe(false);
    }
  });
});
