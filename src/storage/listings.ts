import { InvalidOptionError } from "../errors.js";
import { describe } from "../instance/describe.js";
import type { Instance } from "../instance/instance.js";
import type { InstanceSummary } from "../instance/summary.js";
import { toSummary } from "../serialization/mapping.js";
import type { RowSnapshot, SummaryRow } from "../serialization/row.js";
import { checkOptions, LIST_OPTIONS, QUERY_OPTIONS, STREAM_OPTIONS } from "./check-options.js";
import { afterPosition, columnsOf, decodeCursor, encodeCursor } from "./cursor.js";
import type { ListOptions } from "./options.js";
import { readable, type ReadRow } from "./reader.js";
import type { RowStore } from "./row-store.js";
import { MAX_TAKE, type Page, type Selection, toSelection, within } from "./selection.js";
import type { Storage } from "./storage.js";
import { summaryBatches } from "./summaries.js";

const BATCH_SIZE = 100;
const PAGE_SIZE = 50;

/** The calls of a storage about many instances. */
export function createListings(store: RowStore, read: ReadRow): Pick<Storage, "query" | "stream" | "list" | "count" | "countBy"> {
  /** The rows of a selection after an id, in batches that are read as they are asked for; in one batch if no size is given. */
  async function* batches(
    selection: Selection,
    after: string | undefined,
    size: number | undefined,
  ): AsyncGenerator<readonly RowSnapshot[], void, undefined> {
    const take = size === undefined ? undefined : Math.min(size, MAX_TAKE);
    const page: Page = { orderBy: [{ id: "asc" }], ...(take !== undefined && { take }) };
    for (let last = after, crowded = false; ; crowded = true) {
      const rest = last === undefined ? selection : within(selection, { id: { gt: last } });
      const rows = await store.findMany(rest, { ...page, crowded });
      yield rows;
      if (take === undefined || rows.length < take) return;
      last = rows.at(-1)?.id;
    }
  }

  return {
    async query(filters = {}, options = {}) {
      const selection = toSelection(filters);
      const { onUnreadable = "throw", after, limit } = checkOptions(options, QUERY_OPTIONS);
      const found: Instance[] = [];
      for await (const rows of batches(selection, after, limit))
        for (const instance of readable(rows, read, onUnreadable)) if (found.push(instance) === limit) return found;
      return found;
    },

    stream(filters = {}, options = {}) {
      const selection = toSelection(filters);
      const { onUnreadable = "throw", after, batchSize = BATCH_SIZE } = checkOptions(options, STREAM_OPTIONS);
      async function* instances(): AsyncGenerator<Instance, void, undefined> {
        for await (const rows of batches(selection, after, batchSize)) yield* readable(rows, read, onUnreadable);
      }
      return instances();
    },

    async list(filters = {}, options = {}) {
      const selection = toSelection(filters);
      const {
        onUnreadable = "throw",
        limit = PAGE_SIZE,
        after,
        orderBy = "updatedAt",
        direction = "desc",
      } = checkOptions(options, LIST_OPTIONS);
      const order = { orderBy, direction };
      const position = after === undefined ? undefined : decodeCursor(order, after);
      const query = { selection, order, batchSize: pageSize(limit), skipsUnreadable: onUnreadable === "skip" };
      const items: InstanceSummary[] = [];
      for await (const rows of summaryBatches(store, query, position))
        for (const row of rows) {
          const last = items.length === limit ? items.at(-1) : undefined;
          if (last !== undefined) return { items, nextCursor: encodeCursor(order, last) };
          items.push(...readable([row], toSummary, onUnreadable));
        }
      return { items, nextCursor: null };
    },

    async count(filters = {}) {
      const selection = toSelection(filters);
      return store.count(selection);
    },

    async countBy(by, filters = {}) {
      if (by !== "status" && by !== "workflow" && by !== "workflowVersion")
        throw new InvalidOptionError("by", `countBy counts by "status", "workflow" or "workflowVersion", found ${describe(by)}`);
      const selection = toSelection(filters);
      // What another writer has stored is not checked here, but counted.
      return new Map(await store.countBy(selection, by)) as Map<Instance[typeof by], number>;
    },
  };
}

/** One row more than the page has: if it is found, there is a next page. */
function pageSize(limit: number): number {
  return Math.min(limit, MAX_TAKE - 1) + 1;
}

/** How a page of a list is found, and cut from the rows that were found. */
export interface SummaryQuery {
  readonly selection: Selection;
  readonly page: Page;
  /** Returns the rows of the page, and where the next one begins; `null` if there is none. */
  cut(this: void, rows: readonly SummaryRow[]): { readonly rows: readonly SummaryRow[]; readonly nextCursor: string | null };
}

/** @throws {InvalidOptionError} for a cursor that is not one, or of another order. */
export function toSummaryQuery(selection: Selection, options: ListOptions): SummaryQuery {
  const { limit = PAGE_SIZE, after, orderBy = "updatedAt", direction = "desc" } = options;
  const order = { orderBy, direction };
  return {
    selection: after === undefined ? selection : within(selection, afterPosition(order, decodeCursor(order, after))),
    page: { orderBy: columnsOf(order), take: pageSize(limit) },
    cut(rows) {
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return { rows: rows.slice(0, limit), nextCursor: last === undefined ? null : encodeCursor(order, last) };
    },
  };
}
