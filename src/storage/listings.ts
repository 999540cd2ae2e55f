import { InvalidOptionError } from "../errors.js";
import { describe } from "../messages/describe.js";
import type { Instance } from "../instance/instance.js";
import type { RowSnapshot } from "../state/row.js";
import { checkOptions, LIST_OPTIONS, QUERY_OPTIONS, STREAM_OPTIONS } from "./check-options.js";
import { readable, type ReadRow } from "./reader.js";
import type { RowStore } from "./row-store.js";
import { MAX_TAKE, type Page, type Selection, toSelection, within } from "./selection.js";
import type { Storage } from "./storage.js";
import { readPage, toPageRequest } from "./summary-page.js";

const BATCH_SIZE = 100;

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
      return readPage(store, toPageRequest(selection, checkOptions(options, LIST_OPTIONS)));
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
