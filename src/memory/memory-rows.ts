import { differs } from "../prisma/compare-and-swap.js";
import type { Page, Selection } from "../storage/selection.js";
import type { CheckedRow } from "../serialization/mapping.js";
import { pruneBatches } from "../storage/prune.js";
import type { RowStore } from "../storage/row-store.js";
import { contains } from "./containment.js";
import { jsonbText, parseJsonb } from "./jsonb.js";
import { inOrder, type MemoryRow } from "./memory-row.js";
import { matches } from "./where.js";
import type { InstanceRow, SummaryRow } from "../serialization/row.js";

/** Rows in memory. The state is kept as text, so that nobody holds a part of what is stored. */
export function createMemoryRows(): RowStore {
  const rows = new Map<string, MemoryRow>();

  const select = ({ where, contains: texts }: Selection): MemoryRow[] => {
    const patterns = texts.map((text): unknown => JSON.parse(text));
    return [...rows.values()].filter((row) => matches(row, where) && patterns.every((one) => contains(parseJsonb(row.state), one)));
  };

  const selectPage = (selection: Selection, { orderBy, take }: Page): MemoryRow[] =>
    select(selection).sort(inOrder(orderBy)).slice(0, take);

  const write = (row: CheckedRow, now: Date): void => {
    const { workflowVersion, insertedAt } = rows.get(row.id) ?? { ...row, insertedAt: now };
    rows.set(row.id, { ...row, workflowVersion, state: jsonbText(row.state), insertedAt, updatedAt: now });
  };

  const remove = (batch: readonly MemoryRow[]): number => {
    for (const { id } of batch) rows.delete(id);
    return batch.length;
  };

  return {
    find(id) {
      const row = rows.get(id);
      return Promise.resolve(row === undefined ? null : whole(row));
    },

    findMany: (selection, page) => Promise.resolve(selectPage(selection, page).map(whole)),

    findSummaries: (selection, page) => Promise.resolve(selectPage(selection, page).map(withoutState)),

    exact(read, stillMeant) {
      const now = read.map((row) => [row, rows.get(row.id)] as const);
      return Promise.resolve(
        now.flatMap(([row, stored]) => (stored !== undefined && stillMeant(row, stored) ? { ...stored, text: stored.state } : [])),
      );
    },

    count: (selection) => Promise.resolve(select(selection).length),

    countBy(selection, column) {
      const counts = new Map<string | number, number>();
      for (const { [column]: value } of select(selection)) counts.set(value, (counts.get(value) ?? 0) + 1);
      return Promise.resolve([...counts]);
    },

    upsert(row) {
      write(row, new Date());
      return Promise.resolve();
    },

    upsertMany(many) {
      const now = new Date();
      for (const row of many) write(row, now);
      return Promise.resolve();
    },

    insert(row) {
      const isFree = !rows.has(row.id);
      if (isFree) write(row, new Date());
      return Promise.resolve(isFree);
    },

    swap(expected, row) {
      const stored = rows.get(row.id);
      const same =
        stored !== undefined &&
        stored.workflow === expected.workflow &&
        stored.workflowVersion === expected.workflowVersion &&
        stored.status === expected.status &&
        stored.state === jsonbText(expected.text ?? JSON.stringify(expected.state));
      if (!same) return Promise.reject(differs(row.id));
      write(row, new Date());
      return Promise.resolve();
    },

    delete(id) {
      return Promise.resolve(rows.delete(id) ? 1 : 0);
    },

    prune: (selection, options) => pruneBatches((size) => Promise.resolve(remove(select(selection).slice(0, size))), options),
  };
}

/** A row as Prisma would read it: numbers are JavaScript's, whether that holds their digits or not. */
function whole({ id, workflow, workflowVersion, status, state }: MemoryRow): InstanceRow {
  return { id, workflow, workflowVersion, status, state: JSON.parse(state) as unknown };
}

function withoutState({ id, workflow, workflowVersion, status, insertedAt, updatedAt }: MemoryRow): SummaryRow {
  return { id, workflow, workflowVersion, status, insertedAt: new Date(insertedAt), updatedAt: new Date(updatedAt) };
}
