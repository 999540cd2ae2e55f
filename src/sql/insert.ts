import type { CheckedRow } from "../state/row.js";
import type { Sql } from "./select.js";
import { sqlTimestamp } from "./where.js";

/** Inserts a row if its id is free. A taken one doesn't abort a transaction. */
export function insertSql(table: string, { id, workflow, workflowVersion, status, stateText }: CheckedRow): Sql {
  const text = `
    INSERT INTO ${table} (id, workflow, workflow_version, status, state, inserted_at, updated_at)
    VALUES ($1, $2, $3::int, $4, $5::jsonb, $6::timestamp, $6::timestamp)
    ON CONFLICT DO NOTHING`;
  return { text, values: [id, workflow, workflowVersion, status, stateText, sqlTimestamp(new Date())] };
}
