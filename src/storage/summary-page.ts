import type { InstanceSummary } from "../instance/summary.js";
import { toSummary } from "../state/mapping.js";
import { decodeCursor, encodeCursor, type Order, type Position } from "./cursor.js";
import type { ListOptions, OnUnreadable, SummaryPage } from "./options.js";
import { readable } from "./reader.js";
import type { RowStore } from "./row-store.js";
import { MAX_TAKE, type Selection } from "./selection.js";
import { summaryBatches } from "./summaries.js";

const PAGE_SIZE = 50;

/** A page of a list: which instances, in what order, from where, and how many. */
export interface PageRequest {
  readonly selection: Selection;
  readonly order: Order;
  readonly limit: number;
  /** The place that the page begins after. */
  readonly position: Position | undefined;
  readonly onUnreadable: OnUnreadable;
}

/** The page that checked options ask for. @throws {InvalidOptionError} for a cursor that is not one, or of another order. */
export function toPageRequest(selection: Selection, options: ListOptions): PageRequest {
  const { onUnreadable = "throw", limit = PAGE_SIZE, after, orderBy = "updatedAt", direction = "desc" } = options;
  const order = { orderBy, direction };
  return { selection, order, limit, position: after === undefined ? undefined : decodeCursor(order, after), onUnreadable };
}

/** Reads a page. */
export async function readPage(store: Pick<RowStore, "findSummaries">, request: PageRequest): Promise<SummaryPage> {
  const { selection, order, limit, position, onUnreadable } = request;
  // One row more than the page has: if it is found, there is a next page.
  const batchSize = Math.min(limit, MAX_TAKE - 1) + 1;
  const items: InstanceSummary[] = [];
  for await (const rows of summaryBatches(store, { selection, order, batchSize, skipsUnreadable: onUnreadable === "skip" }, position))
    for (const row of rows) {
      const last = items.length === limit ? items.at(-1) : undefined;
      if (last !== undefined) return { items, nextCursor: encodeCursor(order, last) };
      items.push(...readable([row], toSummary, onUnreadable));
    }
  return { items, nextCursor: null };
}
