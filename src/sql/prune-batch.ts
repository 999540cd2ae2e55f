import type { RowStore } from "../storage/row-store.js";
import { within } from "../storage/selection.js";
import type { SqlClient, SqlStatement, SqlValue } from "./sql-client.js";
import { sqlArray, sqlWhere } from "./where.js";

const COUNT_CITUS: SqlStatement = { text: "SELECT count(*)::text AS count FROM pg_extension WHERE extname = 'citus'", values: [] };

/**
 * Deletes batches: finds their ids, and then deletes those that still match, as the rows are by then. Citus can't lock rows
 * that are on several nodes, so that there a batch waits for rows that others have locked. The server is asked once, and
 * before anything else: in a transaction, its error would be too late.
 */
export function createDeleteBatch(client: SqlClient, table: string): RowStore["deleteSome"] {
  let isCitus: boolean | undefined; // only a reply is kept: a question that hangs must not be shared
  return async (selection, limit, after, signal) => {
    isCitus ??= (await client.query(COUNT_CITUS, signal))[0]?.count !== "0";
    const values: SqlValue[] = [];
    const where = sqlWhere(after === null ? selection : within(selection, { id: { gt: after } }), values);
    const order = after === null ? "" : " ORDER BY id";
    const found = await client.query({ text: `SELECT id::text AS id FROM ${table} WHERE ${where}${order} LIMIT ${limit}`, values }, signal);
    const ids = found.map(({ id }) => id ?? "");
    const last = ids.length < limit ? null : (ids.at(-1) ?? null);
    if (ids.length === 0) return { deleted: 0, last };
    const batch = `id = ANY($${values.push(sqlArray(ids))}::text::text[]) AND ${where}`;
    const text = isCitus
      ? `DELETE FROM ${table} WHERE ${batch}`
      : // As a subquery of the DELETE, it could be run once for each row.
        `WITH batch AS MATERIALIZED (SELECT id FROM ${table} WHERE ${batch} FOR UPDATE SKIP LOCKED)
         DELETE FROM ${table} WHERE id IN (SELECT id FROM batch)`;
    return { deleted: await client.execute({ text, values }, signal), last };
  };
}
