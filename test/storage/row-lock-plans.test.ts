import type { InstanceStorage } from "hephaestus-prisma";
import { beforeEach, describe, expect, it } from "vitest";
import { allOf, indexesOf, type Plan, planOf, plannedOf } from "../plans.js";
import { sqlOn, sqlWays } from "../sql-ways.js";

/** The nodes of a plan, the topmost first, without what is executed before it. */
const branchOf = (plan: Plan): string[] => [plan["Node Type"], ...(plan.Plans?.slice(-1).flatMap(branchOf) ?? [])];

describe.each(sqlWays)("plans of forUpdate at 20,000 rows, by $way,", ({ routeOn }) => {
  const { database, pool, route } = sqlOn(routeOn);
  beforeEach(() =>
    database.sql(`
      INSERT INTO workflow_instances (id, workflow, status, state)
      SELECT 'order::' || to_char(n, 'FM00000'), 'Order.V1', CASE WHEN n % 4 = 0 THEN 'waiting' ELSE 'completed' END,
        jsonb_build_object('current_step', 'pay', 'context', jsonb_build_object('initial', jsonb_build_object('customer', n % 1000)))
      FROM generate_series(1, 20000) AS n;
      ANALYZE workflow_instances`),
  );

  /** The plans of what a call sends, in its order. */
  async function plansOf(call: (within: InstanceStorage) => Promise<unknown>): Promise<Plan[]> {
    pool.sent();
    await route.inTransaction(call);
    return Promise.all(plannedOf(pool.sent()).map((sent) => planOf(pool, sent)));
  }

  it("get locks one row, which the primary key finds", async () => {
    const plans = await plansOf((within) => within.get("order::00004", { forUpdate: true }));
    expect(plans.map((plan) => [branchOf(plan), indexesOf(plan)])).toEqual([[["LockRows", "Index Scan"], ["workflow_instances_pkey"]]]);
  });

  it("a page is one flat statement, which locks below the limit what it walks to in the order of the ids", async () => {
    const options = { limit: 20, after: "order::10000", forUpdate: "skip locked" } as const;
    const plans = await plansOf((within) => within.query({ status: "waiting" }, options));
    expect(plans.map(branchOf)).toEqual([["Limit", "LockRows", "Index Scan"]]);
    expect(plans.map((plan) => allOf(plan).length)).toEqual([3]);
  });

  it("a page by what states contain finds all matches by the GIN index, and locks no more than the page", async () => {
    const filters = { status: "waiting", contextContains: { customer: 4 } } as const;
    const plans = await plansOf((within) => within.query(filters, { limit: 5, forUpdate: "skip locked" }));
    expect(plans.map((plan) => branchOf(plan).slice(0, 2).includes("LockRows"))).toEqual([true, false]);
    const nodes = plans.flatMap(allOf);
    expect(nodes.map((node) => node["Index Name"])).toContain("idx_workflow_instances_state");
    // Neither the table nor an index is walked: each scan has a condition to start from.
    const scans = nodes.filter((node) => node["Relation Name"] !== undefined && node["Node Type"] !== "Bitmap Heap Scan");
    expect(scans.map((node) => [node["Index Name"], node["Index Cond"]])).toEqual(
      scans.map(() => ["workflow_instances_pkey", expect.stringMatching(/^\(\(id\)::text = ANY/) as string]),
    );
  });
});
