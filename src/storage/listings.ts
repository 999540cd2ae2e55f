import { describe } from "../instance/describe.js";
import { InvalidOptionError } from "../errors.js";
import { type Page, type Selection, toSelection, within } from "./selection.js";
import type { Instance } from "../instance/instance.js";
import { toSummary } from "../serialization/mapping.js";
import { checkOptions, LIST_OPTIONS, QUERY_OPTIONS, STREAM_OPTIONS } from "./check-options.js";
import { collect, type Reader } from "./reader.js";
import type { RowStore } from "./row-store.js";
import type { Storage } from "./storage.js";
import { toSummaryQuery } from "./summary-page.js";

const BATCH_SIZE = 100;

/** What a storage answers about many instances. */
export function createListings(store: RowStore, reader: Reader): Pick<Storage, "query" | "stream" | "list" | "count" | "countBy"> {
  return {
    async query(filters = {}, options = {}) {
      const selection = toSelection(filters);
      const { onCorrupt = "throw", after, limit } = checkOptions(options, QUERY_OPTIONS);
      const page = behindId(selection, after);
      return reader.all(await store.findMany(page, byId(limit)), onCorrupt);
    },

    stream(filters = {}, options = {}) {
      const selection = toSelection(filters);
      const { onCorrupt = "throw", batchSize = BATCH_SIZE } = checkOptions(options, STREAM_OPTIONS);
      async function* pages(): AsyncGenerator<Instance, void, undefined> {
        for (let after: string | undefined; ;) {
          const page = behindId(selection, after);
          const rows = await store.findMany(page, { ...byId(batchSize), crowded: after !== undefined });
          yield* await reader.all(rows, onCorrupt);
          if (rows.length < batchSize) return;
          after = rows.at(-1)?.id;
        }
      }
      return pages();
    },

    async list(filters = {}, options = {}) {
      const checked = toSelection(filters);
      const { onCorrupt = "throw", ...how } = checkOptions(options, LIST_OPTIONS);
      const { selection, page, cut } = toSummaryQuery(checked, how);
      const { rows, nextCursor } = cut(await store.findSummaries(selection, page));
      return { items: collect(rows, toSummary, onCorrupt), nextCursor };
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

function behindId(selection: Selection, after: string | undefined): Selection {
  return after === undefined ? selection : within(selection, { id: { gt: after } });
}
