import pg from "pg";
import type { Sent } from "./recording-pool.js";

/** A node of a plan, as EXPLAIN shows it. */
export interface Plan {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Index Cond"?: string;
  readonly "Actual Loops"?: number;
  readonly "Actual Rows"?: number;
  readonly Output?: readonly string[];
  readonly Plans?: readonly Plan[];
}

/** Every node of a plan. */
export function allOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(allOf)];
}

/** The indexes that a plan uses. */
export function indexesOf(plan: Plan): string[] {
  return allOf(plan).flatMap(({ "Index Name": index }) => (index === undefined ? [] : [index]));
}

/** The statements among what was sent that have plans. */
export function plannedOf(sent: readonly Sent[]): Sent[] {
  return sent.filter(({ text }) => /^(SELECT|WITH|INSERT|UPDATE|DELETE)\b/.test(text) && !text.includes("pg_extension"));
}

/** The plan of a statement for its parameters, as the server makes it for one without a name. */
export async function planOf(pool: pg.Pool, { text, values }: Sent, options = ""): Promise<Plan> {
  return only(await pool.query<Explained>(`EXPLAIN (${options}FORMAT JSON) ${text}`, [...values]));
}

/** The plan of a statement for all parameters, which the server makes of a named one that was executed five times. */
export async function genericPlanOf(pool: pg.Pool, { text, values }: Sent): Promise<Plan> {
  const client = await pool.connect();
  try {
    await client.query("SET plan_cache_mode = force_generic_plan");
    await client.query(`PREPARE explained AS ${text}`);
    const given = values.map((value) => pg.escapeLiteral(String(value))).join(", ");
    return only(await client.query<Explained>(`EXPLAIN (FORMAT JSON) EXECUTE explained(${given})`));
  } finally {
    client.release(true); // the connection is closed
  }
}

/** The plans that a statement can have: that for its parameters and, if it is named, that for all parameters. */
export async function plansOf(pool: pg.Pool, sent: Sent): Promise<Plan[]> {
  const plans = [await planOf(pool, sent)];
  return sent.name === undefined ? plans : [...plans, await genericPlanOf(pool, sent)];
}

interface Explained {
  readonly "QUERY PLAN": readonly [{ readonly Plan: Plan }];
}

function only({ rows: [row] }: pg.QueryResult<Explained>): Plan {
  if (row === undefined) throw new Error("nothing was explained");
  return row["QUERY PLAN"][0].Plan;
}
