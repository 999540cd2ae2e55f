import { selectList } from "./columns.js";

/** The row with the id `$1`. */
export function findText(table: string, fields: Parameters<typeof selectList>[0]): string {
  return `SELECT ${selectList(fields)} FROM ${table} WHERE id = $1`;
}
