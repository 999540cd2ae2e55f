import { jsonbText, parseJsonb } from "../state/jsonb-text.js";
import type { SummaryRow, TextRow } from "../state/row.js";
import { type Page, type Selection, within } from "../storage/selection.js";
import type { RowStore } from "../storage/row-store.js";
import { contains } from "../storage/containment.js";
import { inOrder, type MemoryRow } from "./memory-row.js";
import { matches } from "./where.js";

/** Rows in memory. The state is kept as text, so that nobody holds a part of what is stored. */
export function createMemoryRows(): RowStore {
  const rows = new Map<string, MemoryRow>();

  const select = ({ where, contains: texts }: Selection): MemoryRow[] => {
    const patterns = texts.map((text): unknown => JSON.parse(text));
    return [...rows.values()].filter((row) => matches(row, where) && patterns.every((one) => contains(parseJsonb(row.stateText), one)));
  };

  const selectPage = (selection: Selection, { orderBy, take }: Page): MemoryRow[] =>
    select(selection).sort(inOrder(orderBy)).slice(0, take);

  const write = (row: TextRow, now: Date): void => {
    const { workflowVersion, insertedAt } = rows.get(row.id) ?? { ...row, insertedAt: now };
    rows.set(row.id, { ...row, workflowVersion, stateText: jsonbText(row.stateText), insertedAt, updatedAt: now });
  };

  return {
    isInTransaction: () => false,

    looksIntoStates: true,

    locks: "a storage in memory has no transactions, and a lock lasts as long as its transaction. Use update there",

    async find(id) {
      const row = rows.get(id);
      return row === undefined ? null : whole(row);
    },

    findMany: async (selection, page) => selectPage(selection, page).map(whole),

    findSummaries: async (selection, page) => selectPage(selection, page).map(withoutState),

    count: async (selection) => select(selection).length,

    async countBy(selection, column) {
      const counts = new Map<string | number, number>();
      for (const { [column]: value } of select(selection)) counts.set(value, (counts.get(value) ?? 0) + 1);
      return [...counts];
    },

    async upsert(row) {
      write(row, new Date());
      return 1;
    },

    async upsertMany(many) {
      const now = new Date();
      for (const row of many) write(row, now);
      return many.length;
    },

    async insert(row) {
      const isFree = !rows.has(row.id);
      if (isFree) write(row, new Date());
      return isFree;
    },

    async swap(expected, row) {
      const stored = rows.get(row.id);
      const same =
        stored !== undefined &&
        stored.workflow === expected.workflow &&
        stored.workflowVersion === expected.workflowVersion &&
        stored.status === expected.status &&
        stored.stateText === jsonbText(expected.stateText);
      if (same) write(row, new Date());
      return same;
    },

    delete: async (id) => (rows.delete(id) ? 1 : 0),

    async deleteSome(selection, limit, after) {
      const rest = after === null ? selection : within(selection, { id: { gt: after } });
      const batch = selectPage(rest, { orderBy: [{ id: "asc" }], take: limit });
      for (const { id } of batch) rows.delete(id);
      return { deleted: batch.length, last: batch.length < limit ? null : (batch.at(-1)?.id ?? null) };
    },
  };
}

/** What is read of a row: the state as text, to the last digit. */
function whole({ id, workflow, workflowVersion, status, stateText }: MemoryRow): TextRow {
  return { id, workflow, workflowVersion, status, stateText };
}

function withoutState({ id, workflow, workflowVersion, status, insertedAt, updatedAt }: MemoryRow): SummaryRow {
  return { id, workflow, workflowVersion, status, insertedAt: new Date(insertedAt), updatedAt: new Date(updatedAt) };
}
