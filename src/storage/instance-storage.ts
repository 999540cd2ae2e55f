import { checkColumn } from "../instance/check.js";
import { sameJson } from "../state/same-json.js";
import { byteLength } from "../runtime/byte-length.js";
import type { Codec } from "../values/codec.js";
import { describe } from "../messages/describe.js";
import {
  ConflictError,
  InstanceExistsError,
  InvalidIdError,
  InvalidInstanceError,
  InvalidOptionError,
  NotStoredError,
  StateTooLargeError,
} from "../errors.js";
import { createGroupCommit } from "./group-commit.js";
import type { Instance } from "../instance/instance.js";
import { createListings } from "./listings.js";
import { checkList } from "../state/fields.js";
import { fromRow, toRow } from "../state/mapping.js";
import { checkOptions, PRUNE_OPTIONS, PUT_OPTIONS, UPDATE_OPTIONS } from "./check-options.js";
import { pruneRows, toPruned } from "./prune.js";
import { createReader } from "./reader.js";
import type { RowStore } from "./row-store.js";
import type { Selection } from "./selection.js";
import type { Storage } from "./storage.js";
import { snapshots } from "./snapshots.js";
import { count } from "./observability/tally.js";
import { type Updatable, updateInstance } from "./update.js";
import { type CheckedRow, type RowSnapshot, type TextRow, toTextRow } from "../state/row.js";
import { quote } from "../messages/quote.js";

/** What a storage is made of beside its rows. */
export interface InstanceStorageDependencies {
  readonly codec: Codec;
  readonly maxStateBytes: number;
  readonly coalesceWrites: boolean;
}

/** A storage on rows, wherever they are kept. */
export function createInstanceStorage(store: RowStore, dependencies: InstanceStorageDependencies): Storage {
  const { codec, maxStateBytes, coalesceWrites } = dependencies;
  const read = createReader(codec);

  const checkedRow = (instance: Instance): CheckedRow => {
    const row = toRow(instance, codec);
    const bytes = maxStateBytes === Infinity ? 0 : byteLength(row.stateText);
    if (bytes > maxStateBytes) throw new StateTooLargeError(row.id, bytes, maxStateBytes);
    count("stateBytes", () => byteLength(row.stateText));
    return row;
  };

  const swap = async (expected: RowSnapshot, next: Instance, signal?: AbortSignal): Promise<Instance> => {
    const row = checkedRow(next);
    if (row.id !== expected.id)
      throw new InvalidInstanceError("id", `instance ${describe(row.id)} can't take the place of ${describe(expected.id)}`);
    if (!(await store.swap(expected, row, signal))) throw new ConflictError(row.id, differs(row.id));
    const { workflowVersion } = expected; // it never changes
    const stored = { ...next, workflowVersion };
    snapshots.set(stored, { ...row, workflowVersion });
    return stored;
  };

  const put = coalesceWrites ? createGroupCommit((rows) => store.upsertMany(rows)) : (row: CheckedRow): Promise<void> => store.upsert(row);

  const get = async (id: string, signal?: AbortSignal): Promise<RowSnapshot | null> => store.find(checkId(id), signal);

  const updatable: Updatable<TextRow> = {
    async read(id, signal) {
      const row = await get(id, signal);
      if (row === null) return null;
      const current = read(row);
      // As text, what is expected stays as it was read: the values of `current` may be those of the row.
      return { current, version: toTextRow(row) };
    },
    isMutated: (current, version) => !sameJson(toRow(current, codec), toRow(fromRow(version, codec), codec)),
    swap,
  };

  return {
    async get(id) {
      const row = await get(id);
      return row === null ? null : read(row);
    },

    async put(instance, options = {}) {
      const { expected } = checkOptions(options, PUT_OPTIONS);
      const snapshot = expected && snapshots.get(expected);
      if (snapshot !== undefined) await swap(snapshot, instance);
      else if (expected === undefined) await put(checkedRow(instance));
      else throw new InvalidOptionError("expected", NOT_READ_HERE);
    },

    async insert(instance) {
      const row = checkedRow(instance);
      const withId: Selection = { where: { id: row.id }, contains: [] };
      // If another writer has deleted the instance that was in the way, the id is free now.
      for (let attempt = 1; !(await store.insert(row)); attempt++) {
        if ((await store.count(withId)) > 0) throw new InstanceExistsError(row.id, `an instance ${quote(row.id)} is stored already`);
        if (attempt === 2) throw new NotStoredError(row.id, notInserted(row.id));
      }
    },

    async update(id, change, options = {}) {
      return updateInstance(updatable, id, change, checkOptions(options, UPDATE_OPTIONS));
    },

    async putMany(many) {
      const list = checkList(many, "", (path, problem) => {
        throw new InvalidInstanceError(path, `the list of instances is invalid${path && ` at ${path}`}: ${problem}`);
      });
      await store.upsertMany(list.map(checkedRow));
    },

    ...createListings(store, read),

    async delete(id) {
      const deleted = await store.delete(checkId(id));
      count("deleted", () => deleted);
    },

    async prune(filters, options = {}) {
      const checked = checkOptions(options, PRUNE_OPTIONS);
      const selection = toPruned(filters, checked);
      return checked.dryRun ? store.count(selection) : pruneRows(store, selection, checked);
    },
  };
}

const NOT_READ_HERE =
  'the option "expected" is invalid: expected an instance that a storage has read, the very object that get, query, stream or update returned, not a copy of it';

function differs(id: string): string {
  return `instance ${quote(id)} is no longer the one that was expected: another writer was faster, or it was deleted`;
}

function notInserted(id: string): string {
  return (
    `instance ${quote(id)} was not stored, though no instance is found under this id: a trigger or a rule of the table suppressed ` +
    "the row, or one that this client may not see has the id"
  );
}

/** The id, once it is sure that it is one: Prisma takes `undefined` for "every row". */
function checkId(id: unknown): string {
  return checkColumn(id, (problem) => {
    throw new InvalidIdError(`the id ${describe(id)} is invalid: ${problem}`);
  });
}
