import { ConflictError, NotStoredError, PrecisionLossError } from "../errors.js";
import { quote } from "../messages/quote.js";
import { jsonbText } from "../state/jsonb-text.js";
import { type ReadRow, type TextRow, toTextRow } from "../state/row.js";
import type { RowStore } from "./row-store.js";
import type { InstanceWhere } from "./selection.js";

/**
 * What a stored row must be for a swap by Prisma's verbs: everything that an instance is, so every writer is noticed.
 *
 * No row has an empty id. The condition on it keeps indexes of the guarded columns out: after many inserts, statistics
 * say that a status has no rows, and PostgreSQL would walk all of them instead of looking the id up.
 */
export function guardOf({ id, workflow, workflowVersion, status, stateText }: TextRow): InstanceWhere {
  return { id, AND: [{ OR: [{ workflow, workflowVersion, status }, { id: "" }] }], state: { equals: JSON.parse(stateText) as object } };
}

/** Whether two rows are equal: their states as jsonb. */
function isEqual(a: TextRow, b: TextRow): boolean {
  const columns = a.workflow === b.workflow && a.workflowVersion === b.workflowVersion && a.status === b.status;
  return columns && (a.stateText === b.stateText || jsonbText(a.stateText) === jsonbText(b.stateText));
}

/**
 * Says why nothing was swapped, after one more read.
 *
 * @throws {ConflictError} if another row is stored than the expected one, or none.
 * @throws {StorageError} as {@link explainEqual} does otherwise.
 */
export async function explainLostSwap(
  store: RowStore,
  expected: TextRow,
  hint: (found: ReadRow) => string,
  signal: AbortSignal | undefined,
): Promise<never> {
  const found = await store.find(expected.id, signal);
  if (found !== null && isEqual(toTextRow(found), expected)) return explainEqual(store, found, expected, signal);
  const why = found === null ? "it was deleted" : hint(found);
  throw new ConflictError(expected.id, `instance ${quote(expected.id)} is no longer the one that was expected: ${why}`);
}

/**
 * Says why nothing was swapped, if what is read is what was expected.
 *
 * @throws {NotStoredError} if it is stored: something has suppressed the write.
 * @throws {PrecisionLossError} if it only seems to be, since Prisma has rounded a number of it.
 */
export async function explainEqual(store: RowStore, found: ReadRow, expected: TextRow, signal: AbortSignal | undefined): Promise<never> {
  const { id } = expected;
  if ("stateText" in found || (await store.count({ where: guardOf(expected), contains: [] }, signal)) > 0)
    throw new NotStoredError(id, `instance ${quote(id)} was not stored, and nobody else has written it: ${SUPPRESSED}`);
  throw new PrecisionLossError(
    id,
    "state",
    `row ${quote(id)} holds a decimal with more digits than a JavaScript number: Prisma has rounded it, so the row never equals ` +
      'what was read. With the option "table", the storage reads it to the last digit',
  );
}

/** What makes the database write less than it was told to, without an error. */
export const SUPPRESSED = "a trigger, a rule or a policy of the table has suppressed the write";

/** A conflict that the database has noticed in a transaction, whose snapshot is older than the other writer's. */
export function conflictWithin(id: string, cause: unknown): ConflictError {
  const begin = "under this isolation level only a new transaction sees what was written: roll this one back, and begin again";
  return new ConflictError(id, `instance ${quote(id)} was written by another transaction meanwhile; ${begin}`, { cause });
}
