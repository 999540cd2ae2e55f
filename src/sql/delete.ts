import { isObject } from "../runtime/native-types.js";
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

/** Whether the server can't lock the rows of {@link deleteSomeSql}, since they are on several nodes. Citus says so. */
export function cannotLockRows(error: unknown): boolean {
  return isObject(error) && typeof error.message === "string" && error.message.includes("could not run distributed query with FOR UPDATE");
}

/** The ids of at most `limit` rows of a selection, or of what is left of it among some ids. */
export function batchSql(table: string, selection: Selection, limit: number, among?: readonly string[]): Sql {
  const values: unknown[] = [];
  const where = sqlWhere(selection, values);
  const isAmong = among === undefined ? "" : ` AND id = ANY($${values.push(among)}::text[])`;
  return { text: `SELECT id FROM ${table} WHERE ${where}${isAmong} LIMIT ${limit}`, values };
}

/**
 * Deletes those of some rows that are still in a selection: the whole condition is checked again, on the rows as they are
 * by then.
 */
export function deleteBatchSql(table: string, selection: Selection, ids: readonly string[]): Sql {
  const values: unknown[] = [];
  const where = sqlWhere(selection, values);
  return { text: `DELETE FROM ${table} WHERE id = ANY($${values.push(ids)}::text[]) AND ${where}`, values };
}
