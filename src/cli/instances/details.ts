import type { SqlClient, SqlValue } from "../../sql/sql-client.js";
import { sqlArray, sqlWhere } from "../../sql/where.js";
import type { Selection } from "../../storage/selection.js";
import type { Database } from "../connection.js";

/** What a list shows of an instance's state. */
export interface Details {
  readonly step: string | null;
  /** Why it failed. `null` if it has not failed, or doesn't say why. */
  readonly error: string | null;
}

// As in the overview view, which a table of another name need not have: the last event's word, then the metadata's. Of an
// error, its message; this package stores JavaScript's own errors with their properties under that key.
const PROBLEM = [
  "execution_history,-1,context_updates,error",
  "execution_history,-1,context_updates,reason",
  "runtime_metadata,error",
  "runtime_metadata,reason",
]
  .map((path) => `NULLIF(state #> '{${path}}', 'null')`)
  .join(", ");
const ERROR = `(SELECT COALESCE(problem ->> 'message', problem #>> '{properties,message}', problem #>> '{}') FROM (SELECT COALESCE(${PROBLEM}) AS problem) AS part)`;

/** Reads the details of some instances by their ids. */
export async function readDetails({ sql, table }: Database, ids: readonly string[]): Promise<Map<string, Details>> {
  const text = `
    SELECT id::text AS id, state ->> 'current_step' AS step, CASE WHEN status = 'failed' THEN ${ERROR} END AS error
    FROM ${table} WHERE id = ANY($1::text::text[])`;
  const rows = await sql.query({ text, values: [sqlArray(ids)] });
  return new Map(rows.map(({ id, step, error }) => [id ?? "", { step: step ?? null, error: error ?? null }]));
}

/** Counts the failed instances of a selection by their error; `null` is that of those that don't say why. */
export async function countErrors(
  { sql, table }: { readonly sql: SqlClient; readonly table: string },
  selection: Selection,
): Promise<[string | null, number][]> {
  const values: SqlValue[] = [];
  const text = `
    SELECT ${ERROR} AS error, count(*)::text AS count FROM ${table}
    WHERE status = 'failed' AND ${sqlWhere(selection, values)} GROUP BY 1`;
  const rows = await sql.query({ text, values });
  return rows.map(({ error, count }) => [error ?? null, Number(count)]);
}
