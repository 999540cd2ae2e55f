import type { DeletedRows } from "../storage/row-store.js";
import { type Selection, within } from "../storage/selection.js";
import type { SqlClient, SqlStatement, SqlValue } from "./sql-client.js";
import { sqlArray, sqlWhere } from "./where.js";

/** Deletes at most `limit` rows of a selection, but none that others have locked. */
export type DeleteBatch = (
  selection: Selection,
  limit: number,
  after: string | null,
  signal: AbortSignal | undefined,
) => Promise<DeletedRows>;

const COUNT_CITUS: SqlStatement = { text: "SELECT count(*)::text AS count FROM pg_extension WHERE extname = 'citus'", values: [] };

/**
 * Deletes batches by one statement, or by two on Citus, which can't lock rows that are on several nodes. The server is
 * asked once: in a transaction, an error would be too late.
 */
export function createDeleteBatch(client: SqlClient, table: string): DeleteBatch {
  let isCitus: boolean | undefined; // only a reply is kept: a question that hangs must not be shared
  return async (selection, limit, after, signal) => {
    isCitus ??= (await client.query(COUNT_CITUS, signal))[0]?.count !== "0";
    const batch = after === null ? selection : within(selection, { id: { gt: after } });
    const order = after === null ? "" : "ORDER BY id";
    return (isCitus ? deleteByTwo : deleteByOne)(client, table, { selection: batch, order, limit }, signal);
  };
}

interface Batch {
  readonly selection: Selection;
  readonly order: string;
  readonly limit: number;
}

async function deleteByOne(
  client: SqlClient,
  table: string,
  { selection, order, limit }: Batch,
  signal?: AbortSignal,
): Promise<DeletedRows> {
  const values: SqlValue[] = [];
  const where = sqlWhere(selection, values);
  // As a subquery of the DELETE, the batch could be run once for each row, and find others each time.
  const text = `
    WITH batch AS MATERIALIZED (SELECT id FROM ${table} WHERE ${where} ${order} LIMIT ${limit} FOR UPDATE SKIP LOCKED),
      gone AS (DELETE FROM ${table} WHERE id IN (SELECT id FROM batch) RETURNING 1)
    SELECT (SELECT count(*) FROM gone)::text AS deleted, count(*)::text AS found, max(id)::text AS last FROM batch`;
  const [row] = await client.query({ text, values }, signal);
  return { deleted: Number(row?.deleted), last: Number(row?.found) < limit ? null : (row?.last ?? null) };
}

/** Finds the ids, and then deletes those that still match: the whole condition is checked again, on the rows as they are by then. */
async function deleteByTwo(
  client: SqlClient,
  table: string,
  { selection, order, limit }: Batch,
  signal?: AbortSignal,
): Promise<DeletedRows> {
  const values: SqlValue[] = [];
  const where = sqlWhere(selection, values);
  const found = await client.query({ text: `SELECT id::text AS id FROM ${table} WHERE ${where} ${order} LIMIT ${limit}`, values }, signal);
  const ids = found.map(({ id }) => id ?? "");
  const among = `id = ANY($${values.push(sqlArray(ids))}::text::text[])`;
  const deleted = ids.length === 0 ? 0 : await client.execute({ text: `DELETE FROM ${table} WHERE ${among} AND ${where}`, values }, signal);
  return { deleted, last: ids.length < limit ? null : (ids.at(-1) ?? null) };
}
