import { createPrismaStorage, type PrismaStorage, type QueryFilters } from "hephaestus-prisma";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { PrismaClient } from "../../generated/prisma/client.js";
import { PrismaPg } from "@prisma/adapter-pg";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";

const ROWS = 100_000;

interface Plan {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Actual Loops"?: number;
  readonly Plans?: readonly Plan[];
}

/** Every node of a plan. */
function allOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(allOf)];
}

/** The nodes of a plan that scan the whole table. */
function tableScans(plan: Plan): Plan[] {
  return allOf(plan).filter((one) => one["Node Type"] === "Seq Scan");
}

/** A database with a language's collation, under which a plain index can't serve a prefix. */
async function createEnglishDatabase(): Promise<{ url: string; close: () => Promise<void> }> {
  const template = inject("template");
  const name = `${template}_english`;
  const admin = new pg.Client({ connectionString: inject("serverUrl") });
  await admin.connect();
  const { rows } = await admin.query<{ icu: boolean }>("SELECT current_setting('server_version_num')::int >= 150000 AS icu");
  const locale = rows[0]?.icu ? "LOCALE_PROVIDER icu ICU_LOCALE 'en-US'" : "LOCALE 'en_US.utf8'"; // PostgreSQL 14 has only the system's collations
  await admin.query(`CREATE DATABASE ${name} TEMPLATE template0 ${locale} ENCODING 'UTF8'`);
  await admin.end();
  const url = new URL(inject("serverUrl"));
  url.pathname = `/${name}`;
  const { deployMigrations } = await import("hephaestus-prisma/migrate");
  await deployMigrations(new PrismaPg({ connectionString: url.href }));
  return { url: url.href, close: () => Promise.resolve() };
}

describe.each(["C", "en-US"])(`plans at ${ROWS} rows, under the collation %s`, (collation) => {
  let database: PostgresDatabase | undefined;
  let pool: pg.Pool;
  let client: PrismaClient<"query">;
  let storage: PrismaStorage;
  let sent: { query: string; params: string }[] = [];

  beforeAll(async () => {
    database = collation === "C" ? await createPostgresDatabase() : undefined;
    const url = database?.url ?? (await createEnglishDatabase()).url;
    pool = new pg.Pool({ connectionString: url });
    await pool.query(`
      INSERT INTO workflow_instances (id, workflow, workflow_version, status, state, inserted_at, updated_at)
      SELECT 'order::' || lpad(n::text, 6, '0'), 'Family' || n % 50 || '.V' || n % 3, 1 + n % 3,
             (ARRAY['pending','running','waiting','completed','completed','completed','completed','failed'])[1 + n % 8],
             jsonb_build_object('current_step', 'step' || n % 20, 'context', jsonb_build_object('initial', jsonb_build_object('customer', n), 'steps', '{}'::jsonb)),
             timestamp '2026-01-01' + n * interval '1 s', timestamp '2026-02-01' + n * interval '1 s'
      FROM generate_series(1, ${ROWS}) AS n`);
    await pool.query("VACUUM ANALYZE workflow_instances");
    client = new PrismaClient({ adapter: new PrismaPg({ connectionString: url }), log: [{ emit: "event", level: "query" }] });
    client.$on("query", (event) => sent.push(event));
    storage = createPrismaStorage(client);
    await storage.count({ contextContains: { customer: 1 } }); // looks up the table's name, once per client
  }, 120_000);
  afterAll(async () => {
    await client.$disconnect();
    await pool.end();
    await database?.close();
  });

  const calls: [string, () => Promise<unknown>][] = [
    ["get", () => storage.get("order::000777")],
    ["a page", () => storage.query({}, { limit: 50, after: "order::050000" })],
    ["a page of one status", () => storage.query({ status: "failed" }, { limit: 50, after: "order::050000" })],
    ["a page of one workflow", () => storage.query({ workflow: "Family7.V1" }, { limit: 50, after: "order::050000" })],
    ["a page of a family", () => storage.query({ workflowFamily: "Family7." }, { limit: 50 })],
    ["a page of several families", () => storage.query({ workflowFamilyIn: ["Family7.", "Family8."] }, { limit: 50 })],
    ["containment", () => storage.query({ contextContains: { customer: 4711 } })],
    [
      "containment with a page and a status",
      () => storage.query({ stateContains: { context: { initial: { customer: 4711 } } }, status: "failed" }, { limit: 50 }),
    ],
    ["a stream of a pattern in many states", () => streamed({ stateContains: { current_step: "step7" } }, 250)],
    ["a stream of a pattern in few states", () => streamed({ contextContains: { customer: 4711 } }, 250, 1)],
    ["a list by updatedAt", () => storage.list()],
    ["a deep list by updatedAt", async () => storage.list({}, { after: await deepCursor("updatedAt") })],
    ["a deep list by insertedAt", async () => storage.list({}, { orderBy: "insertedAt", after: await deepCursor("insertedAt") })],
    ["a list of one status", () => storage.list({ status: "failed" }, { limit: 50 })],
    ["a count of recently updated instances", () => storage.count({ updatedAfter: new Date("2026-02-02T03:40:00Z") })],
    [
      "prune",
      () => storage.prune({ statusIn: ["completed", "failed"], updatedBefore: new Date("2026-02-01T00:05:00Z") }, { batchSize: 100 }),
    ],
  ];

  /** The ids of the first instances of a stream. */
  async function streamed(filters: QueryFilters, many: number, batchSize = 100): Promise<string[]> {
    const ids: string[] = [];
    for await (const { id } of storage.stream(filters, { batchSize })) if (ids.push(id) === many) break;
    return ids;
  }

  /** A cursor that points into the middle. */
  async function deepCursor(orderBy: "updatedAt" | "insertedAt"): Promise<string> {
    const { rows } = await pool.query<{ at: string; id: string }>(
      `SELECT extract(epoch FROM ${orderBy === "updatedAt" ? "updated_at" : "inserted_at"}) * 1000 AS at, id FROM workflow_instances WHERE id = 'order::050000'`,
    );
    return Buffer.from(JSON.stringify([orderBy, "desc", Number(rows[0]?.at), rows[0]?.id])).toString("base64url");
  }

  /** The whole-table scans in the plans of all statements that a call sends. */
  async function scansOf(call: () => Promise<unknown>): Promise<Plan[]> {
    sent = [];
    await call();
    const statements = sent.filter(({ query }) => /^\s*(SELECT|DELETE|WITH)/.test(query));
    expect(statements.length).toBeGreaterThan(0);
    const scans: Plan[] = [];
    for (const { query, params } of statements) {
      const connection = await pool.connect();
      try {
        await connection.query("BEGIN");
        const { rows } = await connection.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
          `EXPLAIN (FORMAT JSON) ${query}`,
          JSON.parse(params) as unknown[],
        );
        for (const row of rows) scans.push(...tableScans(row["QUERY PLAN"][0].Plan));
      } finally {
        await connection.query("ROLLBACK");
        connection.release();
      }
    }
    return scans;
  }

  it.each(calls)("%s scans no table", async (_, call) => {
    expect(await scansOf(call)).toEqual([]);
  });

  it("a stream of a pattern in many states searches the index once, for its first page, then walks the primary key", async () => {
    const searched = async (filters: QueryFilters, batchSize: number): Promise<number[]> => {
      sent = [];
      await streamed(filters, batchSize * 2 + 1, batchSize);
      const loops: number[] = [];
      for (const { query, params } of sent.filter(({ query }) => /^\s*WITH/.test(query))) {
        const { rows } = await pool.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
          `EXPLAIN (ANALYZE, FORMAT JSON) ${query}`,
          JSON.parse(params) as unknown[],
        );
        const plans = rows.flatMap((row) => allOf(row["QUERY PLAN"][0].Plan));
        loops.push(plans.find((plan) => plan["Index Name"] === "idx_workflow_instances_state")?.["Actual Loops"] ?? NaN);
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
    expect(await streamed(filters, Infinity, batchSize)).toEqual(rows.map(({ id }) => id));
    expect(rows.length).toBeGreaterThan(100);
  });

  it("a query that needs the whole table scans it, so this test can fail", async () => {
    expect(await scansOf(() => storage.count({ stateContains: {} }))).toMatchObject([
      { "Node Type": "Seq Scan", "Relation Name": "workflow_instances" },
    ]);
  });
});
