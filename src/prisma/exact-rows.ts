import type { Retry } from "../postgres/retry.js";
import { hasUnsafeNumber } from "../serialization/exact-json.js";
import type { InstanceRow, RowSnapshot, TextRow } from "../serialization/row.js";
import type { RawRows } from "./raw-rows.js";

const ATTEMPTS = 10;

/**
 * Reads rows by Prisma's verb, then the text of those whose numbers may have lost digits on the way. If one of these was
 * deleted in between, or no longer matches, everything is read once more, so that no page is short.
 */
export async function readExactly(raw: RawRows, retry: Retry, read: () => PromiseLike<readonly InstanceRow[]>): Promise<RowSnapshot[]> {
  for (let attempt = 1; ; attempt++) {
    const rows = await retry.repeatable(read);
    const ids = rows.filter(({ state }) => hasUnsafeNumber(state)).map(({ id }) => id);
    if (ids.length === 0) return [...rows];
    const texts = await retry.repeatable(() => raw.findTexts(ids));
    const byId = new Map((texts ?? []).map((row) => [row.id, row]));
    const exact = rows.flatMap((row): RowSnapshot[] => {
      if (!ids.includes(row.id)) return [row];
      if (texts === null) return [unreadable(row)];
      const text = byId.get(row.id);
      return text !== undefined && text.workflow === row.workflow && text.status === row.status ? [text] : [];
    });
    if (exact.length === rows.length || attempt === ATTEMPTS) return exact;
  }
}

function unreadable({ id, workflow, workflowVersion, status }: InstanceRow): TextRow {
  return { id, workflow, workflowVersion, status, stateText: null };
}
