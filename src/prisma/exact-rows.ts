import type { Retry } from "../postgres/retry.js";
import { isBeyondSafe, mayHaveLostDigits, someNumber } from "../serialization/number-walk.js";
import type { InstanceRow, RowSnapshot, TextRow } from "../serialization/row.js";
import type { RawRows } from "./raw-rows.js";

const ATTEMPTS = 10;

/**
 * Reads rows by Prisma's verb, and those again whose numbers may have lost digits on the way, as text. If one of these
 * was deleted in between, or moved out of what was asked for, everything is read once more: a page must not be short for that.
 */
export async function readExactly(raw: RawRows, retry: Retry, read: () => PromiseLike<readonly InstanceRow[]>): Promise<RowSnapshot[]> {
  for (let attempt = 1; ; attempt++) {
    const rows = await retry.repeatable(read);
    const ids = rows.filter(({ state }) => someNumber(state, mayHaveLostDigits)).map(({ id }) => id);
    if (ids.length === 0) return [...rows];
    const texts = await retry.repeatable(() => raw.findTexts(ids));
    const byId = new Map((texts ?? []).map((row) => [row.id, row]));
    const exact = rows.flatMap((row): RowSnapshot[] => {
      if (!ids.includes(row.id)) return [row];
      if (texts === null) return [someNumber(row.state, isBeyondSafe) ? unreadable(row) : row];
      const text = byId.get(row.id);
      if (text === undefined || text.workflow !== row.workflow || text.status !== row.status) return [];
      return [text.stateText === null ? row : text]; // no text: no number is long enough to have lost digits
    });
    if (exact.length === rows.length || attempt === ATTEMPTS) return exact;
  }
}

function unreadable({ id, workflow, workflowVersion, status }: InstanceRow): TextRow {
  return { id, workflow, workflowVersion, status, stateText: null };
}
