import type { TextRow } from "../state/row.js";
import { MAX_SIZE } from "../storage/grouped.js";
import type { SqlValue } from "./sql-client.js";
import { sqlTimestamp } from "./where.js";

const MAX_ROWS = 1_000;

/** Rows in as many chunks as there are statements to store them. */
export function chunks(rows: readonly TextRow[]): TextRow[][] {
  const all: TextRow[][] = [];
  let size = Infinity;
  for (const row of rows) {
    size += row.stateText.length;
    const last = all.at(-1);
    if (last !== undefined && last.length < MAX_ROWS && size <= MAX_SIZE) last.push(row);
    else {
      all.push([row]);
      size = row.stateText.length;
    }
  }
  return all;
}

/** Stores rows of different ids: the version and the time of the first put stay. */
export function upsertText(table: string, rows: number): string {
  return `${insertText(table, rows)}
    ON CONFLICT (id) DO UPDATE
    SET workflow = EXCLUDED.workflow, status = EXCLUDED.status, state = EXCLUDED.state, updated_at = EXCLUDED.updated_at`;
}

/** Inserts rows. As VALUES, because a table whose rows are on several servers takes those directly, and a SELECT through one of them. */
export function insertText(table: string, rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const [id, workflow, version, status, state] = [2, 3, 4, 5, 6].map((n) => `$${5 * row + n}::text`);
    return `(${id}, ${workflow}, ${version}::int, ${status}, ${state}::jsonb, $1::text::timestamp, $1::text::timestamp)`;
  });
  return `
    INSERT INTO ${table} (id, workflow, workflow_version, status, state, inserted_at, updated_at)
    VALUES ${lines.join(", ")}`;
}

/** The parameters of {@link insertText}. */
export function insertValues(rows: readonly TextRow[]): SqlValue[] {
  const values: SqlValue[] = [sqlTimestamp(new Date())];
  for (const { id, workflow, workflowVersion, status, stateText } of rows)
    values.push(id, workflow, String(workflowVersion), status, stateText);
  return values;
}
