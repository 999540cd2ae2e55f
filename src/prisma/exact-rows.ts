import type { Retry } from "../storage/retry.js";
import { isBeyondSafe, mayHaveLostDigits, someNumber } from "../values/number-walk.js";
import type { InstanceRow, RowSnapshot, TextRow } from "../state/row.js";
import type { RawRows } from "./raw-rows.js";

/**
 * Reads rows by Prisma's verb, and those again whose numbers may have lost digits on the way, as text. If one of these was
 * deleted in between, or moved out of what was asked for, everything is read once more, by one statement: a page must not be
 * short for that.
 */
export async function readExactly(
  raw: RawRows,
  retry: Retry,
  read: () => PromiseLike<readonly InstanceRow[]>,
  readTexts: () => PromiseLike<readonly TextRow[]>,
  signal?: AbortSignal,
): Promise<readonly RowSnapshot[]> {
  const rows = await retry.read(read, signal);
  const ids = rows.filter(({ state }) => someNumber(state, mayHaveLostDigits)).map(({ id }) => id);
  if (ids.length === 0) return rows;
  const texts = await retry.read(() => raw.findTexts(ids), signal);
  if (texts === null) return rows.map((row) => (someNumber(row.state, isBeyondSafe) ? unreadable(row) : row));
  const byId = new Map(texts.map((row) => [row.id, row]));
  const isLost = ({ id, workflow, status }: InstanceRow): boolean => {
    const text = byId.get(id);
    return ids.includes(id) && (text?.workflow !== workflow || text.status !== status);
  };
  if (rows.some(isLost)) return retry.read(readTexts, signal);
  return rows.map((row) => {
    const text = byId.get(row.id);
    return text === undefined || text.stateText === null ? row : text; // no text: no number is long enough to have lost digits
  });
}

function unreadable({ id, workflow, workflowVersion, status }: InstanceRow): TextRow {
  return { id, workflow, workflowVersion, status, stateText: null };
}
