import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";

const ROWS = 20_000;
const PAGE = 100;

interface Plan {
  readonly "Node Type": string;
  readonly "Index Name"?: string;
  readonly "Function Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly Plans?: readonly Plan[];
}

/** Every node of a plan. */
function nodes(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodes)];
}

describe(`pages of workflow_instance_overview at ${ROWS} rows`, () => {
  let database: PostgresDatabase;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    await database.sql(`
      INSERT INTO workflow_instances (id, workflow, status, state, updated_at)
      SELECT 'order::' || lpad(n::text, 6, '0'), 'Order.V2', CASE n % 10 WHEN 0 THEN 'failed' ELSE 'completed' END,
             jsonb_build_object('active_steps', '["pay"]'::jsonb, 'execution_history', jsonb_build_array(jsonb_build_object('event', n))),
             timestamp '2026-01-01' + n * interval '1 s'
      FROM generate_series(1, ${ROWS}) AS n`);
    await database.sql("VACUUM ANALYZE workflow_instances");
  });
  afterAll(() => database.close());

  /** The nodes of a query's plan, with what each did when it ran. */
  async function run(sql: string): Promise<Plan[]> {
    const [row] = await database.sql(`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`);
    return nodes((row as { "QUERY PLAN": [{ Plan: Plan }] })["QUERY PLAN"][0].Plan);
  }

  it.each([
    ["by id", "ORDER BY id", "workflow_instances_pkey"],
    ["by id, the last first", "ORDER BY id DESC", "workflow_instances_pkey"],
    ["after an id", "WHERE id > 'order::010000' ORDER BY id", "workflow_instances_pkey"],
    ["by updated_at", "ORDER BY updated_at", "workflow_instances_updated_at_id_index"],
    ["by updated_at, the last first", "ORDER BY updated_at DESC, id DESC", "workflow_instances_updated_at_id_index"],
    ["by inserted_at", "ORDER BY inserted_at", "workflow_instances_inserted_at_id_index"],
    ["of one status, by updated_at", "WHERE status = 'failed' ORDER BY updated_at", "workflow_instances_status_updated_at_id_index"],
  ])(`a page %s reads ${PAGE} rows of the table through an index, and the steps of no other`, async (_, clauses, index) => {
    const plan = await run(`SELECT * FROM workflow_instance_overview ${clauses} LIMIT ${PAGE}`);
    const scans = plan.filter((node) => node["Node Type"].endsWith("Scan") && node["Function Name"] === undefined);
    expect(scans).toMatchObject([{ "Index Name": index, "Actual Rows": PAGE, "Actual Loops": 1 }]);
    expect(plan.filter((node) => node["Function Name"] === "jsonb_array_elements_text")).toMatchObject([{ "Actual Loops": PAGE }]);
  });

  it("a count reads no state", async () => {
    const plan = await run("SELECT count(*) FROM workflow_instance_overview");
    expect(plan.filter((node) => node["Function Name"] !== undefined)).toEqual([]);
  });

  it("a query about the states reads every row, so this test can fail", async () => {
    const plan = await run(`SELECT * FROM workflow_instance_overview WHERE active_steps = 'ship' ORDER BY id LIMIT ${PAGE}`);
    expect(plan.find((node) => node["Function Name"] !== undefined)).toMatchObject({ "Actual Loops": ROWS });
  });
});
