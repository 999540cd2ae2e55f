import { ConflictError } from "../errors.js";
import { type CheckedRow, type RowSnapshot, stateTextOf } from "../state/row.js";
import type { Sql } from "./select.js";
import { sqlTimestamp } from "./where.js";

/**
 * Updates a row if it still is what was read: everything that an instance is, so every writer is noticed.
 *
 * No row has an empty id. The condition on it keeps indexes of the guarded columns out: after many inserts, statistics
 * say that a status has no rows, and PostgreSQL would walk all of them instead of looking the id up.
 */
export function swapSql(table: string, expected: RowSnapshot, row: CheckedRow): Sql {
  const text = `
    UPDATE ${table} SET workflow = $2, status = $3, state = $4::jsonb, updated_at = $5::timestamp
    WHERE id = $1 AND ((workflow = $6 AND workflow_version = $7::int AND status = $8) OR id = '') AND state = $9::jsonb`;
  const { id, workflow, workflowVersion, status } = expected;
  const written = [id, row.workflow, row.status, row.stateText, sqlTimestamp(new Date())];
  return { text, values: [...written, workflow, workflowVersion, status, stateTextOf(expected) ?? "null"] };
}

/** A conflict that the database has noticed in a transaction, whose snapshot is older than the other writer's. */
export function conflictWithin(id: string, cause: unknown): ConflictError {
  const begin = "under this isolation level only a new transaction sees what was written: roll this one back, and begin again";
  return new ConflictError(id, `instance ${JSON.stringify(id)} was written by another transaction meanwhile; ${begin}`, { cause });
}
