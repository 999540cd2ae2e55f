import {
  InstanceExistsError,
  InvalidIdError,
  InvalidInstanceError,
  InvalidOptionError,
  NotStoredError,
  StateTooLargeError,
  StorageError,
} from "../errors.js";
import { checkColumn } from "../instance/check.js";
import type { Instance } from "../instance/instance.js";
import { describe } from "../messages/describe.js";
import { quote } from "../messages/quote.js";
import { byteLength } from "../runtime/byte-length.js";
import { throwIfAborted } from "../runtime/signals.js";
import { checkList } from "../state/fields.js";
import { fromRow, toRow } from "../state/mapping.js";
import { type ReadRow, type TextRow, toTextRow } from "../state/row.js";
import { hasSource } from "../state/unknown-fields.js";
import type { BigIntegers } from "../values/big-integers.js";
import {
  CALL_OPTIONS,
  checkOptions,
  LIST_OPTIONS,
  PRUNE_OPTIONS,
  PUT_OPTIONS,
  QUERY_OPTIONS,
  type Rules,
  STREAM_OPTIONS,
  UPDATE_OPTIONS,
} from "./check-options.js";
import { checkStored } from "./check-stored.js";
import { count } from "./observability/tally.js";
import type { CallOptions } from "./options.js";
import { listPage, queryPage, streamRows } from "./pages.js";
import { checkPruned, pruneRows } from "./prune.js";
import type { RowStore } from "./row-store.js";
import { type Selection, toSelection } from "./selection.js";
import type { InstanceStorage } from "./storage.js";
import { explainLostSwap, SUPPRESSED } from "./swap.js";
import { updateInstance } from "./update.js";

/** How instances become rows. */
export interface Writing {
  readonly bigIntegers: BigIntegers;
  readonly maxStateBytes: number;
}

/** A storage on rows, wherever they are stored. */
export function createInstanceStorage(store: RowStore, { bigIntegers, maxStateBytes }: Writing): InstanceStorage {
  const read = (row: ReadRow): Instance => {
    count("stateBytes", () => byteLength(toTextRow(row).stateText));
    return fromRow(row, bigIntegers);
  };

  const write = (instance: Instance): TextRow => {
    const row = toRow(instance, bigIntegers);
    const bytes = maxStateBytes === Infinity ? 0 : byteLength(row.stateText);
    if (bytes > maxStateBytes) throw new StateTooLargeError(row.id, bytes, maxStateBytes);
    count("stateBytes", () => byteLength(row.stateText));
    return row;
  };

  const select = (filters: Parameters<InstanceStorage["count"]>[0] = {}): Selection => toSelection(filters, store.looksIntoStates);

  const swap = async (expected: TextRow, next: Instance, signal: AbortSignal | undefined): Promise<Instance | null> => {
    const row = write(next);
    if (row.id !== expected.id)
      throw new InvalidInstanceError("id", `instance ${describe(row.id)} can't take the place of ${describe(expected.id)}`);
    const { workflowVersion } = expected; // it never changes
    return (await store.swap(expected, row, signal)) ? { ...next, workflowVersion } : null;
  };

  const swapExpected = async (expected: Instance, next: Instance, signal: AbortSignal | undefined): Promise<void> => {
    const row = rowOfExpected(expected, bigIntegers);
    if ((await swap(row, next, signal)) === null) await explainLostSwap(store, row, (found) => whyOther(expected, found, read), signal);
  };

  const check = <Options extends CallOptions>(options: Options, rules: Rules<Options>): Options => {
    const checked = checkOptions(options, rules);
    throwIfAborted(checked.signal);
    return checked;
  };

  const countOf = (id: string, signal: AbortSignal | undefined): Promise<number> => store.count({ where: { id }, contains: [] }, signal);

  return {
    async get(id, options = {}) {
      const { signal } = check(options, CALL_OPTIONS);
      const row = await store.find(checkId(id), signal);
      return row === null ? null : read(row);
    },

    async put(instance, options = {}) {
      const { expected, signal } = check(options, PUT_OPTIONS);
      if (expected !== undefined) return swapExpected(expected, instance, signal);
      const row = write(instance);
      checkStored([row.id], await store.upsert(row, signal));
    },

    async insert(instance, options = {}) {
      const { signal } = check(options, CALL_OPTIONS);
      const row = write(instance);
      // If another writer has deleted the instance that was in the way, the id is free now.
      for (let attempt = 1; !(await store.insert(row, signal)); attempt++) {
        if ((await countOf(row.id, signal)) > 0) throw new InstanceExistsError(row.id, `an instance ${quote(row.id)} is stored already`);
        if (attempt === 2) throw new NotStoredError(row.id, notInserted(row.id));
      }
    },

    async update(id, change, options = {}) {
      return updateInstance({ store, read, write, swap }, checkId(id), change, check(options, UPDATE_OPTIONS));
    },

    async putMany(instances, options = {}) {
      const { signal } = check(options, CALL_OPTIONS);
      const list = checkList(instances, "", (path, problem) => {
        throw new InvalidInstanceError(path, `the list of instances is invalid${path && ` at ${path}`}: ${problem}`);
      });
      const rows = distinctRows(list.map(write));
      if (rows.length === 0) return;
      checkStored(
        rows.map(({ id }) => id),
        await store.upsertMany(rows, signal),
      );
    },

    async delete(id, options = {}) {
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

    async query(filters, options = {}) {
      const selection = select(filters);
      return queryPage(store, selection, read, check(options, QUERY_OPTIONS));
    },

    stream(filters, options = {}) {
      const selection = select(filters);
      return streamRows(store, selection, read, checkOptions(options, STREAM_OPTIONS));
    },

    async list(filters, options = {}) {
      const selection = select(filters);
      return listPage(store, selection, check(options, LIST_OPTIONS));
    },

    async count(filters, options = {}) {
      const selection = select(filters);
      return store.count(selection, check(options, CALL_OPTIONS).signal);
    },

    async countBy(by, filters, options = {}) {
      if (by !== "status" && by !== "workflow" && by !== "workflowVersion")
        throw new InvalidOptionError("by", `countBy counts by "status", "workflow" or "workflowVersion", found ${describe(by)}`);
      const selection = select(filters);
      const counts = await store.countBy(selection, by, check(options, CALL_OPTIONS).signal);
      // What another writer has stored is not checked here, but counted.
      return new Map(counts) as Map<Instance[typeof by], number>;
    },

    async prune(filters, options = {}) {
      const checked = check(options, PRUNE_OPTIONS);
      const selection = select(filters);
      checkPruned(selection, filters, checked);
      return checked.dryRun ? store.count(selection, checked.signal) : pruneRows(store, selection, checked);
    },
  };
}

/** Why another row is stored than that of an instance. */
function whyOther(expected: Instance, found: ReadRow, read: (row: ReadRow) => Instance): string {
  try {
    if (!hasSource(expected) && hasSource(read(found))) return LACKS_SOURCE;
  } catch {
    // What is stored now can't be read: it is another writer's in any case.
  }
  return "another writer was faster";
}

const LACKS_SOURCE =
  "it holds keys or a form that a copy of the instance (structuredClone, JSON) doesn't keep. Give the instance that was read, or a spread copy of it";

function notInserted(id: string): string {
  return (
    `instance ${quote(id)} was not stored, though no instance is found under this id: ${SUPPRESSED}, it breaks another ` +
    "unique index of the table, or one that this client may not see has the id"
  );
}

/** The row of an instance that is expected. @throws {InvalidOptionError} if none can hold it. */
function rowOfExpected(expected: Instance, bigIntegers: BigIntegers): TextRow {
  try {
    return toRow(expected, bigIntegers);
  } catch (error) {
    const why = error instanceof StorageError ? error.message : "it can't be read";
    throw new InvalidOptionError("expected", `the option "expected" is invalid: expected an instance that a storage has read: ${why}`);
  }
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
