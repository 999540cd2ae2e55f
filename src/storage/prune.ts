import { InvalidFilterError } from "../errors.js";
import { isTerminal } from "../instance/instance.js";
import type { QueryFilters } from "./filters.js";
import type { PruneOptions } from "./options.js";
import type { RowStore } from "./row-store.js";
import { MAX_TAKE, type Selection, toSelection } from "./selection.js";
import { selectsAll, statusesOf } from "./selected.js";

const BATCH_SIZE = 500;

/**
 * Compiles filters to what may be pruned. Both guards look at the compiled selection, so that they judge what would be deleted.
 *
 * @throws {InvalidFilterError} for filters that select every instance, or instances that may still run.
 */
export function toPruned(filters: QueryFilters, { includeActive = false, all = false }: PruneOptions): Selection {
  const selection = toSelection(filters);
  if (!all && selectsAll(selection))
    throw new InvalidFilterError(
      "",
      "prune would delete every instance: add a filter that selects some of them, or say so with { all: true }",
    );
  const active = statusesOf(selection.where).filter((status) => !isTerminal(status));
  if (active.length > 0 && !includeActive)
    throw new InvalidFilterError(
      Object.hasOwn(filters, "status") ? "status" : "statusIn",
      `prune would delete instances that may still run (${active.join(", ")}): give statusIn: ["completed", "failed"], or say so with { includeActive: true }`,
    );
  return selection;
}

/** Deletes the rows of a selection in batches until there are no more or the signal stops it. Returns how many were deleted. */
export async function pruneRows(store: Pick<RowStore, "deleteSome">, selection: Selection, options: PruneOptions): Promise<number> {
  const { batchSize = BATCH_SIZE, signal, onProgress } = options;
  let pruned = 0;
  while (signal?.aborted !== true) {
    const { deleted, more } = await store.deleteSome(selection, Math.min(batchSize, MAX_TAKE));
    pruned += deleted;
    if (deleted > 0) onProgress?.(pruned);
    if (!more) break;
  }
  return pruned;
}
