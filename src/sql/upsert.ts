import type { CheckedRow } from "../state/row.js";
import type { Sql } from "./select.js";
import { sqlTimestamp } from "./where.js";

// Within what one statement carries well: PostgreSQL takes a parameter of 1 GB, but client and server hold it several times.
const MAX_ROWS = 1_000;
const MAX_LENGTH = 8 * 1024 * 1024;

// Citus pulls the rows of `unnest` to the node that is asked, and copies them out again. It runs VALUES shard by shard,
// which for more rows than these gains nothing.
const MAX_VALUES = 200;

/**
 * Statements that store rows as `put` would, one after the other: the last row of an id wins, and the version of the
 * first one stays. On a `distributed` table, few rows go as VALUES.
 */
export function upsertSql(table: string, rows: readonly CheckedRow[], distributed = false): Sql[] {
  return chunks(distinctRows(rows)).map((chunk) => {
    const isSmall = chunk.length === 1 || (distributed && chunk.length <= MAX_VALUES);
    return insertInto(table, isSmall ? valuesOf(chunk) : unnested(chunk));
  });
}

/** Stores one row as `put` would. */
export function upsertOneSql(table: string, row: CheckedRow): Sql {
  return insertInto(table, valuesOf([row]));
}

/** One row an id, in the order of the ids: two batches that meet lock their rows in one order, and don't deadlock. */
export function distinctRows(rows: readonly CheckedRow[]): CheckedRow[] {
  const byId = new Map<string, CheckedRow>();
  for (const row of rows) byId.set(row.id, { ...row, workflowVersion: byId.get(row.id)?.workflowVersion ?? row.workflowVersion });
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function chunks(rows: readonly CheckedRow[]): CheckedRow[][] {
  const all: CheckedRow[][] = [];
  let length = Infinity;
  for (const row of rows) {
    const last = all.at(-1);
    if (last === undefined || last.length === MAX_ROWS || length + row.stateText.length > MAX_LENGTH) {
      all.push([row]);
      length = row.stateText.length;
    } else {
      last.push(row);
      length += row.stateText.length;
    }
  }
  return all;
}

function insertInto(table: string, { text: source, values }: Sql): Sql {
  const text = `
    INSERT INTO ${table} (id, workflow, workflow_version, status, state, inserted_at, updated_at) ${source}
    ON CONFLICT (id) DO UPDATE
    SET workflow = EXCLUDED.workflow, status = EXCLUDED.status, state = EXCLUDED.state, updated_at = EXCLUDED.updated_at`;
  return { text, values };
}

function valuesOf(rows: readonly CheckedRow[]): Sql {
  const values: unknown[] = [sqlTimestamp(new Date())];
  const lines = rows.map(({ id, workflow, workflowVersion, status, stateText }) => {
    const from = values.push(id, workflow, workflowVersion, status, stateText) - 4;
    return `($${from}, $${from + 1}, $${from + 2}::int, $${from + 3}, $${from + 4}::jsonb, $1::timestamp, $1::timestamp)`;
  });
  return { text: `VALUES ${lines.join(", ")}`, values };
}

// The states go as one JSON text: as an array, each of them would be escaped, and read back, once more.
function unnested(rows: readonly CheckedRow[]): Sql {
  const column = <Name extends keyof CheckedRow>(name: Name): CheckedRow[Name][] => rows.map((row) => row[name]);
  const text = `
    SELECT r.id, r.workflow, r.workflow_version, r.status, r.state::jsonb, $6::timestamp, $6::timestamp
    FROM ROWS FROM (unnest($1::text[]), unnest($2::text[]), unnest($3::int[]), unnest($4::text[]), json_array_elements($5::text::json))
      AS r(id, workflow, workflow_version, status, state)`;
  const states = `[${column("stateText").join(",")}]`;
  return {
    text,
    values: [column("id"), column("workflow"), column("workflowVersion"), column("status"), states, sqlTimestamp(new Date())],
  };
}
