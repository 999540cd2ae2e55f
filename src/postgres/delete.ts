import type { Selection } from "../storage/selection.js";
import type { Sql } from "./select.js";
import { sqlWhere } from "./where.js";

/** Deletes the row with the id `$1`. */
export function deleteText(table: string): string {
  return `DELETE FROM ${table} WHERE id = $1`;
}

/** Deletes at most `limit` rows of a selection, but none that others have locked. */
export function deleteSomeSql(table: string, selection: Selection, limit: number): Sql {
  const values: unknown[] = [];
  const where = sqlWhere(selection, values);
  // As a subquery of the DELETE, it could be run once for each row, and find others each time.
  const text = `
    WITH batch AS MATERIALIZED (SELECT id FROM ${table} WHERE ${where} LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    DELETE FROM ${table} WHERE id IN (SELECT id FROM batch)`;
  return { text, values };
}
