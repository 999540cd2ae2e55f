import type { Connection } from "./client.js";
import { hasUnsafeNumber } from "../serialization/exact-json.js";
import type { StoredForm } from "../storage/snapshots.js";
import { tableOf } from "./table.js";
import type { InstanceRow } from "../serialization/row.js";

/**
 * Reads those rows again whose numbers may have lost digits, with the state as text. Of a row that was changed in
 * between, the change is what counts, and `stillMeant` says whether it was asked for; a deleted one is left out.
 */
export async function exactRows(
  connection: Connection,
  rows: readonly InstanceRow[],
  stillMeant: (row: InstanceRow, now: InstanceRow) => boolean,
): Promise<StoredForm[]> {
  const unsafe = new Set(rows.filter(({ state }) => hasUnsafeNumber(state)).map(({ id }) => id));
  const { client } = connection;
  const table = await tableOf(connection);
  if (table === null || client.$queryRawUnsafe === undefined) return rows.map((row) => (unsafe.has(row.id) ? { ...row, text: null } : row));
  const read = await client.$queryRawUnsafe<(StoredForm & { text: string })[]>(
    `SELECT id, workflow, workflow_version AS "workflowVersion", status, state::text AS text FROM ${table} WHERE id = ANY($1::text[])`,
    [...unsafe],
  );
  const exact = new Map(read.map((row) => [row.id, row]));
  return rows.flatMap((row) => {
    if (!unsafe.has(row.id)) return row;
    const now = exact.get(row.id);
    return now !== undefined && stillMeant(row, now) ? now : [];
  });
}
