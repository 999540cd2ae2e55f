import { InstanceExistsError, InvalidIdError, InvalidOptionError, NotStoredError } from "../errors.js";
import { checkColumn } from "../instance/check.js";
import type { Instance } from "../instance/instance.js";
import { describe } from "../messages/describe.js";
import { quote } from "../messages/quote.js";
import { throwIfAborted } from "../runtime/signals.js";
import type { TextRow } from "../state/row.js";
import {
  CALL_OPTIONS,
  checkInstances,
  checkOptions,
  GET_OPTIONS,
  LIST_OPTIONS,
  PRUNE_OPTIONS,
  PUT_OPTIONS,
  QUERY_OPTIONS,
  type Rules,
  STREAM_OPTIONS,
  UPDATE_OPTIONS,
} from "./check-options.js";
import type { Codec } from "./codec.js";
import { count } from "./observability/tally.js";
import type { CallOptions } from "./options.js";
import { listPage, queryPage, streamRows } from "./pages.js";
import { checkPruned, pruneRows } from "./prune.js";
import { rowLocks } from "./row-locks.js";
import type { RowStore } from "./row-store.js";
import { type Selection, toSelection } from "./selection.js";
import type { InstanceStorage } from "./storage.js";
import { createSwapping, SUPPRESSED } from "./swap.js";
import { checkChange, updateInstance } from "./update.js";

/** A storage on rows, wherever they are stored. */
export function createInstanceStorage(store: RowStore, codec: Codec): InstanceStorage {
  const swapping = createSwapping(store, codec);

  const select = (filters: Parameters<InstanceStorage["count"]>[0] = {}): Selection => toSelection(filters, store.looksIntoStates);

  const check = <Options extends CallOptions>(options: Options | undefined, rules: Rules<Options>): Partial<Options> => {
    if (options === undefined) return {};
    const checked = checkOptions(options, rules);
    throwIfAborted(checked.signal);
    return checked;
  };

  const countOf = (id: string, signal: AbortSignal | undefined): Promise<number> => store.count({ where: { id }, contains: [] }, signal);

  return {
    async get(id, options) {
      const { forUpdate = false, signal } = check(options, GET_OPTIONS);
      const row = await (forUpdate ? rowLocks(store) : store).find(checkId(id), signal);
      return row === null ? null : codec.read(row);
    },

    async put(instance, options) {
      const { expected, signal } = check(options, PUT_OPTIONS);
      if (expected !== undefined) return swapping.swapInstance(expected, instance, signal);
      const row = codec.write(instance);
      checkStored([row.id], await store.upsert(row, signal));
    },

    async insert(instance, options) {
      const { signal } = check(options, CALL_OPTIONS);
      const row = codec.write(instance);
      // If another writer has deleted the instance that was in the way, the id is free now.
      for (let attempt = 1; !(await store.insert(row, signal)); attempt++) {
        if ((await countOf(row.id, signal)) > 0) throw new InstanceExistsError(row.id, `an instance ${quote(row.id)} is stored already`);
        if (attempt === 2) throw new NotStoredError(row.id, notInserted(row.id));
      }
    },

    async update(id, change, options) {
      checkChange(change);
      return updateInstance(store, codec, swapping, checkId(id), change, check(options, UPDATE_OPTIONS));
    },

    async putMany(instances, options) {
      const { signal } = check(options, CALL_OPTIONS);
      const rows = distinctRows(checkInstances(instances).map((instance) => codec.write(instance)));
      if (rows.length === 0) return;
      checkStored(
        rows.map(({ id }) => id),
        await store.upsertMany(rows, signal),
      );
    },

    async delete(id, options) {
      const { signal } = check(options, CALL_OPTIONS);
      checkId(id);
      // If another writer has inserted it in between, it is deleted too.
      for (let attempt = 1; ; attempt++) {
        const deleted = await store.delete(id, signal);
        count("deleted", () => deleted);
        if (deleted > 0 || (await countOf(id, signal)) === 0) return;
        if (attempt === 2) throw new NotStoredError(id, `instance ${quote(id)} was not deleted: ${SUPPRESSED}`);
      }
    },

    async query(filters, options) {
      const selection = select(filters);
      return queryPage(store, selection, codec, check(options, QUERY_OPTIONS));
    },

    stream(filters, options = {}) {
      const selection = select(filters);
      return streamRows(store, selection, codec, checkOptions(options, STREAM_OPTIONS));
    },

    async list(filters, options) {
      const selection = select(filters);
      return listPage(store, selection, check(options, LIST_OPTIONS));
    },

    async count(filters, options) {
      const selection = select(filters);
      return store.count(selection, check(options, CALL_OPTIONS).signal);
    },

    async countBy(by, filters, options) {
      if (by !== "status" && by !== "workflow" && by !== "workflowVersion")
        throw new InvalidOptionError("by", `countBy counts by "status", "workflow" or "workflowVersion", found ${describe(by)}`);
      const selection = select(filters);
      const counts = await store.countBy(selection, by, check(options, CALL_OPTIONS).signal);
      // What another writer has stored is not checked here, but counted.
      return new Map(counts) as Map<Instance[typeof by], number>;
    },

    async prune(filters, options) {
      const checked = check(options, PRUNE_OPTIONS);
      const selection = select(filters);
      checkPruned(selection, filters, checked);
      return checked.dryRun ? store.count(selection, checked.signal) : pruneRows(store, selection, checked);
    },
  };
}

function notInserted(id: string): string {
  return (
    `instance ${quote(id)} was not stored, though no instance is found under this id: ${SUPPRESSED}, it breaks another ` +
    "unique index of the table, or one that this client may not see has the id"
  );
}

/** The id, once it is sure that it is one: Prisma takes `undefined` for "every row". */
function checkId(id: unknown): string {
  return checkColumn(id, (problem) => {
    throw new InvalidIdError(`the id ${describe(id)} is invalid: ${problem}`);
  });
}

/** One row an id, in the order of the ids: two batches that meet lock their rows in one order, and don't deadlock. */
function distinctRows(rows: readonly TextRow[]): TextRow[] {
  const byId = new Map<string, TextRow>();
  for (const row of rows) byId.set(row.id, { ...row, workflowVersion: byId.get(row.id)?.workflowVersion ?? row.workflowVersion });
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * Compares how many rows a write was given with how many the database says it has stored.
 *
 * @throws {NotStoredError} if it has stored fewer.
 */
function checkStored(ids: readonly string[], stored: number): void {
  const [id = ""] = ids;
  if (stored >= ids.length) return;
  const missing = ids.length - stored;
  const what =
    ids.length === 1
      ? `instance ${quote(id)} was not stored`
      : `${missing} of ${ids.length} instances were not stored, and the others were`;
  throw new NotStoredError(id, `${what}: ${SUPPRESSED}`);
}
