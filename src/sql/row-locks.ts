import type { RowLocks } from "../storage/row-store.js";
import { ROW, toTextRow } from "./columns.js";
import type { SqlClient, SqlValue } from "./sql-client.js";
import { sqlArray, sqlWhere } from "./where.js";

/**
 * Reads that lock, each by a flat SELECT: a row that it has waited for is matched and read as it is by then. Around a query
 * that locks, it would be matched and read as it was before.
 */
export function createRowLocks(client: SqlClient, table: string): RowLocks {
  const select = (columns: string, where: string): string => `SELECT ${columns} FROM ${table} WHERE ${where}`;

  return {
    async find(id, signal) {
      const [row] = await client.query({ text: `${select(ROW, "id = $1::text")} FOR UPDATE`, values: [id] }, signal);
      return row === undefined ? null : toTextRow(row);
    },

    async findMany(selection, take, mode, signal) {
      const values: SqlValue[] = [];
      const where = sqlWhere(selection, values);
      const page = `ORDER BY id LIMIT ${take} FOR UPDATE${mode === true ? "" : ` ${mode.toUpperCase()}`}`;
      if (selection.contains.length === 0)
        return (await client.query({ text: `${select(ROW, where)} ${page}`, values }, signal)).map(toTextRow);
      // With a LIMIT, PostgreSQL would rather walk the table for what a state contains: so it finds all that matches first.
      const matching = `id = ANY(ARRAY(${select("id", where)})) AND ${where}`;
      const locked = await client.query({ text: `${select("id::text AS id", matching)} ${page}`, values }, signal);
      if (locked.length === 0) return [];
      const ids = [sqlArray(locked.map(({ id }) => id ?? ""))];
      return (await client.query({ text: `${select(ROW, "id = ANY($1::text::text[])")} ORDER BY id`, values: ids }, signal)).map(toTextRow);
    },
  };
}
