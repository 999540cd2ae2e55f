import { InvalidOptionError } from "../errors.js";
import type { ReadRow } from "../state/row.js";
import type { LockMode, QueryOptions } from "./options.js";
import type { RowLocks, RowStore } from "./row-store.js";
import { MAX_TAKE, type Selection, within } from "./selection.js";

/**
 * The reads that lock, if a lock would last.
 *
 * @throws {InvalidOptionError} if the rows have no locks, or if the calls are in no transaction of the user's.
 */
export function rowLocks({ locks, isInTransaction }: Pick<RowStore, "locks" | "isInTransaction">): RowLocks {
  if (typeof locks === "string") return reject(locks);
  if (isInTransaction()) return locks;
  return reject(
    "a lock ends with its transaction, and this call is in none of yours. Begin one, and call storage.withTransaction(tx). " +
      "To claim an instance without a transaction, use update",
  );
}

/** One page, each of whose rows is locked. @throws {InvalidOptionError} for one without a limit. */
export async function lockedPage(
  store: RowStore,
  selection: Selection,
  mode: LockMode,
  { limit, after, signal }: QueryOptions,
): Promise<readonly ReadRow[]> {
  if (limit === undefined) return reject("expected a limit beside it, found none: it would lock everything that matches");
  const rest = after === undefined ? selection : within(selection, { id: { gt: after } });
  return rowLocks(store).findMany(rest, Math.min(limit, MAX_TAKE), mode, signal);
}

function reject(problem: string): never {
  throw new InvalidOptionError("forUpdate", `the option "forUpdate" is invalid: ${problem}`);
}
