import { createInstance, createPrismaStorage, type Instance, type PrismaStorageOptions } from "hephaestus-prisma";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { TABLE } from "../storage-on.js";

const STATE = ["idx_workflow_instances_state"];
const UPDATES = ["workflow_instances_updated_at_id_index", "workflow_instances_status_updated_at_id_index"];
const ROWS = 20_000;

const ways: readonly { readonly way: string; readonly options: PrismaStorageOptions; readonly seconds: number }[] = [
  { way: "Prisma's verbs", options: {}, seconds: 10 },
  { way: "SQL", options: { table: TABLE }, seconds: 20 },
];

interface Plan {
  readonly "Node Type": string;
  readonly "Index Name"?: string;
  readonly Plans?: readonly Plan[];
}

/** How a plan reaches the rows: its innermost nodes, with their indexes. */
function waysIn({ "Node Type": type, "Index Name": index, Plans = [] }: Plan): string[] {
  const inner = Plans.flatMap(waysIn);
  return inner.length === 0 || index !== undefined ? [index === undefined ? type : `${type} ${index}`] : inner;
}

describe.each([
  { setUp: "all indexes", dropped: [], search: "Bitmap Index Scan idx_workflow_instances_state", hot: 0 },
  { setUp: "no index of the state", dropped: STATE, search: "Seq Scan", hot: 0 },
  { setUp: "no index that a put changes", dropped: [...STATE, ...UPDATES], search: "Seq Scan", hot: 1 },
])("a table with $setUp", ({ dropped, search, hot }) => {
  let database: PostgresDatabase;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    for (const index of dropped) await database.sql(`DROP INDEX "${index}"`);
    await database.sql(`
      INSERT INTO workflow_instances (id, workflow, status, state, updated_at)
      SELECT 'order::' || lpad(n::text, 6, '0'), 'Order.V1', (ARRAY['waiting', 'completed'])[1 + n % 2],
             jsonb_build_object('current_step', 'step' || n % 20, 'context', jsonb_build_object('initial', jsonb_build_object('customer', n / 4))),
             timestamp '2026-02-01' + n * interval '1 s'
      FROM generate_series(1, ${ROWS}) AS n`);
    await database.sql("VACUUM (ANALYZE) workflow_instances");
  });
  afterAll(() => database.close());

  it("finds the same instances by containment, in pages, with other filters and in counts", async () => {
    const storage = createPrismaStorage(database.client, { table: TABLE });
    const ids = (found: readonly Instance[]): string[] => found.map(({ id }) => id);
    const customer = { contextContains: { customer: 1000 } } as const;
    expect(ids(await storage.query(customer))).toEqual(["order::004000", "order::004001", "order::004002", "order::004003"]);
    expect(ids(await storage.query(customer, { limit: 2, after: "order::004001" }))).toEqual(["order::004002", "order::004003"]);
    expect(ids(await storage.query({ ...customer, status: "waiting" }))).toEqual(["order::004000", "order::004002"]);
    expect(await storage.count({ stateContains: { current_step: "step7" } })).toBe(ROWS / 20);
  });

  it(`searches the states by ${search}`, async () => {
    const storage = createPrismaStorage(database.client, { table: TABLE });
    database.statements();
    await storage.count({ stateContains: { context: { initial: { customer: 1000 } } } });
    const counted = database.statements().findLast((statement) => statement.includes("@>")) ?? "";
    const [row] = await database.sql(`EXPLAIN (FORMAT JSON) ${counted}`, ['{"context": {"initial": {"customer": 1000}}}']);
    const [{ Plan: plan }] = row?.["QUERY PLAN"] as [{ Plan: Plan }];
    expect(waysIn(plan)).toEqual([search]);
  });

  it.each(ways)("lists by the time of the last put, and prunes by it, by $way", async ({ options, seconds }) => {
    const storage = createPrismaStorage(database.client, options);
    const { items } = await storage.list({ status: "completed" }, { limit: 2 });
    expect(items.map(({ id }) => id)).toEqual(["order::019999", "order::019997"]);
    const before = await storage.count();
    const updatedBefore = new Date(`2026-02-01T00:00:${seconds}Z`);
    expect(await storage.prune({ statusIn: ["completed"], updatedBefore })).toBe(5);
    expect(await database.sql("SELECT count(*)::int FROM workflow_instances")).toEqual([{ count: before - 5 }]);
  });

  it.each(ways)(`stores a put ${hot === 1 ? "without" : "with"} an update of the indexes, by $way`, async ({ way, options }) => {
    const instance = createInstance({ id: `order::hot by ${way}`, workflow: "Order.V1" });
    const storage = createPrismaStorage(database.client, options);
    await storage.put(instance);
    await database.sql("VACUUM workflow_instances"); // so that the page has room, as most have in the long run
    const hotAfter = await database.client.$transaction(async (transaction) => {
      const bound = storage.withTransaction(transaction);
      // A connection counts here what it has not reported yet: within a transaction, it reports nothing.
      const count = async (): Promise<number> => {
        const [row] = await transaction.$queryRaw<{ hot: number }[]>`
          SELECT pg_stat_get_xact_tuples_hot_updated('workflow_instances'::regclass)::int AS hot`;
        return row?.hot ?? NaN;
      };
      const before = await count();
      await bound.put({ ...instance, currentStep: "pay" });
      const sameStatus = await count();
      await bound.put({ ...instance, currentStep: "pay", status: "running" });
      return [sameStatus - before, (await count()) - sameStatus];
    });
    expect(hotAfter).toEqual([hot, 0]); // the status has indexes in every set-up
  });
});
