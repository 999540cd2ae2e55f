import { ConflictError, InvalidInstanceError, NotStoredError, PrecisionLossError } from "../errors.js";
import type { Instance } from "../instance/instance.js";
import { describe } from "../messages/describe.js";
import { quote } from "../messages/quote.js";
import { jsonbText } from "../state/jsonb-text.js";
import { hasSameColumns, type ReadRow, type TextRow, toTextRow } from "../state/row.js";
import { lacksSource } from "../state/unknown-fields.js";
import type { Codec } from "./codec.js";
import type { RowStore } from "./row-store.js";
import type { InstanceWhere } from "./selection.js";

/** What makes the database write less than it was told to, without an error. */
export const SUPPRESSED = "a trigger, a rule or a policy of the table has suppressed the write";

/**
 * What a stored row must be for a swap by Prisma's verbs: everything that an instance is, so every writer is noticed.
 *
 * No row has an empty id. The condition on it keeps indexes of the guarded columns out: after many inserts, statistics
 * say that a status has no rows, and PostgreSQL would walk all of them instead of looking the id up.
 */
export function guardOf({ id, workflow, workflowVersion, status, stateText }: TextRow): InstanceWhere {
  return { id, AND: [{ OR: [{ workflow, workflowVersion, status }, { id: "" }] }], state: { equals: JSON.parse(stateText) as object } };
}

/** A compare-and-swap, and why it was lost. */
export interface Swapping {
  /** Stores an instance if a row is still stored. Returns it as it is stored, or `null` if another row is. */
  swap(expected: TextRow, next: Instance, signal?: AbortSignal): Promise<Instance | null>;

  /** Stores an instance if another one is still stored. @throws {ConflictError} if it isn't. */
  swapInstance(expected: Instance, next: Instance, signal?: AbortSignal): Promise<void>;

  /**
   * Says why nothing was swapped, after one more read.
   *
   * @throws {ConflictError} if another row is stored than the expected one, or none.
   * @throws {StorageError} as `explainEqual` does otherwise.
   */
  explain(expected: TextRow, hint: (found: ReadRow) => string, signal?: AbortSignal): Promise<never>;

  /**
   * Says why nothing was swapped, if what is read is what was expected.
   *
   * @throws {NotStoredError} if it is stored: something has suppressed the write.
   * @throws {PrecisionLossError} if it only seems to be, since Prisma has rounded a number of it.
   */
  explainEqual(found: ReadRow, expected: TextRow, signal?: AbortSignal): Promise<never>;
}

export function createSwapping(store: RowStore, codec: Codec): Swapping {
  const swapping: Swapping = {
    async swap(expected, next, signal) {
      const row = codec.write(next);
      if (row.id !== expected.id)
        throw new InvalidInstanceError("id", `instance ${describe(row.id)} can't take the place of ${describe(expected.id)}`);
      const { workflowVersion } = expected; // it never changes
      return (await store.swap(expected, row, signal)) ? { ...next, workflowVersion } : null;
    },

    async swapInstance(expected, next, signal) {
      const row = codec.writeExpected(expected);
      if ((await swapping.swap(row, next, signal)) === null)
        await swapping.explain(row, (found) => whyOther(expected, found, codec), signal);
    },

    async explain(expected, hint, signal) {
      const found = await store.find(expected.id, signal);
      if (found !== null && isEqual(toTextRow(found), expected)) return swapping.explainEqual(found, expected, signal);
      const why = found === null ? "it was deleted" : hint(found);
      throw new ConflictError(expected.id, `instance ${quote(expected.id)} is no longer the one that was expected: ${why}`);
    },

    async explainEqual(found, expected, signal) {
      const { id } = expected;
      if ("stateText" in found || (await store.count({ where: guardOf(expected), contains: [] }, signal)) > 0)
        throw new NotStoredError(id, `instance ${quote(id)} was not stored, and nobody else has written it: ${SUPPRESSED}`);
      throw new PrecisionLossError(id, "state", `row ${quote(id)} holds ${ROUNDED}`);
    },
  };
  return swapping;
}

const ROUNDED =
  "a decimal with more digits than a JavaScript number: Prisma has rounded it, so the row never equals what was read. " +
  'With the option "table", the storage reads it to the last digit';

const LACKS_SOURCE =
  "it holds keys or a form that a copy of the instance (structuredClone, JSON) doesn't keep. Give the instance that was read, or a spread copy of it";

/** Why another row is stored than that of an instance. */
function whyOther(expected: Instance, found: ReadRow, codec: Codec): string {
  try {
    if (lacksSource(expected, codec.read(found))) return LACKS_SOURCE;
  } catch {
    // What is stored now can't be read: it is another writer's in any case.
  }
  return "another writer was faster";
}

/** Whether two rows are equal: their states as jsonb. */
function isEqual(a: TextRow, b: TextRow): boolean {
  return hasSameColumns(a, b) && (a.stateText === b.stateText || jsonbText(a.stateText) === jsonbText(b.stateText));
}

/** A conflict that the database has noticed in a transaction, whose snapshot is older than the other writer's. */
export function conflictWithin(id: string, cause: unknown): ConflictError {
  const begin = "under this isolation level only a new transaction sees what was written: roll this one back, and begin again";
  return new ConflictError(id, `instance ${quote(id)} was written by another transaction meanwhile; ${begin}`, { cause });
}
