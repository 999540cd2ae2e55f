import type { SummaryRow } from "../serialization/row.js";
import type { ListOptions } from "./options.js";
import { afterCursor, encodeCursor } from "./cursor.js";
import { describe } from "../instance/describe.js";
import { InvalidOptionError } from "../errors.js";
import { type InstanceOrder, type Page, type Selection, toSelection, within } from "./selection.js";
import type { Instance } from "../instance/instance.js";
import { toSummary } from "../serialization/mapping.js";
import { checkOptions, LIST_OPTIONS, QUERY_OPTIONS, STREAM_OPTIONS } from "./check-options.js";
import { collect, type ReadRow } from "./reader.js";
import type { RowStore } from "./row-store.js";
import type { Storage } from "./storage.js";

const BATCH_SIZE = 100;
const PAGE_SIZE = 50;

/** The calls of a storage about many instances. */
export function createListings(store: RowStore, read: ReadRow): Pick<Storage, "query" | "stream" | "list" | "count" | "countBy"> {
  return {
    async query(filters = {}, options = {}) {
      const selection = toSelection(filters);
      const { onUnreadable = "throw", after, limit } = checkOptions(options, QUERY_OPTIONS);
      const page = afterId(selection, after);
      return collect(await store.findMany(page, byId(limit)), read, onUnreadable);
    },

    stream(filters = {}, options = {}) {
      const selection = toSelection(filters);
      const { onUnreadable = "throw", batchSize = BATCH_SIZE } = checkOptions(options, STREAM_OPTIONS);
      async function* pages(): AsyncGenerator<Instance, void, undefined> {
        for (let after: string | undefined; ;) {
          const page = afterId(selection, after);
          const rows = await store.findMany(page, { ...byId(batchSize), crowded: after !== undefined });
          yield* collect(rows, read, onUnreadable);
          if (rows.length < batchSize) return;
          after = rows.at(-1)?.id;
        }
      }
      return pages();
    },

    async list(filters = {}, options = {}) {
      const checked = toSelection(filters);
      const { onUnreadable = "throw", ...how } = checkOptions(options, LIST_OPTIONS);
      const { selection, page, cut } = toSummaryQuery(checked, how);
      const { rows, nextCursor } = cut(await store.findSummaries(selection, page));
      return { items: collect(rows, toSummary, onUnreadable), nextCursor };
    },

    async count(filters = {}) {
      const selection = toSelection(filters);
      return store.count(selection);
    },

    async countBy(column, filters = {}) {
      if (column !== "status" && column !== "workflow" && column !== "workflowVersion")
        throw new InvalidOptionError("column", `countBy counts by status, workflow or workflowVersion, found ${describe(column)}`);
      const selection = toSelection(filters);
      // What another writer has stored is not checked here, but counted.
      return new Map(await store.countBy(selection, column)) as Map<Instance[typeof column], number>;
    },
  };
}

function byId(limit: number | undefined): Page {
  return { orderBy: [{ id: "asc" }], ...(limit !== undefined && { take: limit }) };
}

function afterId(selection: Selection, after: string | undefined): Selection {
  return after === undefined ? selection : within(selection, { id: { gt: after } });
}

/** How a page of a list is found, and cut from the rows that were found. */
export interface SummaryQuery {
  readonly selection: Selection;
  /** One row more than the page has: if it is found, there is a next page. */
  readonly page: Page;
  /** Returns the rows of the page, and where the next one begins; `null` if there is none. */
  cut(this: void, rows: readonly SummaryRow[]): { readonly rows: readonly SummaryRow[]; readonly nextCursor: string | null };
}

/** @throws {InvalidOptionError} for a cursor that is not one, or of another order. */
export function toSummaryQuery(selection: Selection, options: ListOptions): SummaryQuery {
  const { limit = PAGE_SIZE, after, orderBy = "updatedAt", direction = "desc" } = options;
  const order = { orderBy, direction };
  const sorting: InstanceOrder[] = orderBy === "id" ? [{ id: direction }] : [{ [orderBy]: direction }, { id: direction }];
  return {
    selection: after === undefined ? selection : within(selection, afterCursor(order, after)),
    page: { orderBy: sorting, take: limit + 1 },
    cut(rows) {
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return { rows: rows.slice(0, limit), nextCursor: last === undefined ? null : encodeCursor(order, last) };
    },
  };
}
