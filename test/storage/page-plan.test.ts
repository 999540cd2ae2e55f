import type { InstanceStorage } from "hephaestus-prisma";
import { describe, expect, it } from "vitest";
import { allOf, type Plan, plannedOf, planOf } from "../plans.js";
import { sqlOn, sqlWays } from "../sql-ways.js";

const ROWS = 20_000;
const filters = { status: "waiting", workflow: "New.V1" } as const;

describe.each(sqlWays)("a page of many instances, by $way,", ({ routeOn }) => {
  const { database, pool, route } = sqlOn(routeOn);
  const storage = route.create();

  const insert = (workflow: string, status: string): Promise<unknown> =>
    database.sql(
      `INSERT INTO workflow_instances (id, workflow, status, state)
       SELECT $1::text || n, $1::text, $2::text, jsonb_build_object('current_step', 'a') FROM generate_series(1, ${ROWS}) AS n`,
      [workflow, status],
    );

  /** How many states each node of a call's plan has cast, by what it has returned. */
  async function castStates(call: (storage: InstanceStorage) => Promise<unknown>): Promise<{ casts: number; most: number }> {
    pool.sent();
    await call(storage);
    const [sent] = plannedOf(pool.sent());
    const nodes = allOf(await planOf(pool, sent ?? expect.fail("nothing was sent"), "ANALYZE, VERBOSE, "));
    const rows = ({ "Actual Rows": count = 0, "Actual Loops": loops = 0 }: Plan): number => count * loops;
    const casts = nodes.filter(({ Output = [] }) => Output.some((column) => /state\)?::text/.test(column)));
    return { casts: Math.max(0, ...casts.map(rows)), most: Math.max(...nodes.map(rows)) };
  }

  it.each([
    ["without statistics", "SELECT"],
    ["with those of before", "ANALYZE workflow_instances"],
  ])("casts no states but its own, %s", async (_, analyse) => {
    await database.sql("ALTER TABLE workflow_instances SET (autovacuum_enabled = false)");
    await database.sql("TRUNCATE workflow_instances");
    await database.sql("DELETE FROM pg_statistic WHERE starelid = 'workflow_instances'::regclass");
    await insert("Old.V1", "completed");
    await database.sql(analyse);
    await insert("New.V1", "waiting");
    const { casts, most } = await castStates((on) => on.query(filters, { limit: 100 }));
    expect(most).toBe(ROWS); // the planner sorts all that matches, so that this test can fail
    expect(casts).toBe(100);
    expect(await castStates((on) => on.stream(filters, { batchSize: 50 }).next())).toMatchObject({ casts: 50 });
    expect(await castStates((on) => on.list(filters))).toMatchObject({ casts: 0 });
  });
});
