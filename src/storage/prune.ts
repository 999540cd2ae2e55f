import { InvalidFilterError } from "../errors.js";
import { isTerminal } from "../instance/instance.js";
import type { QueryFilters } from "./filters.js";
import type { PruneOptions } from "./options.js";
import type { RowStore } from "./row-store.js";
import { type Selection, toSelection } from "./selection.js";

const BATCH_SIZE = 500;

/** Returns what may be pruned. @throws {InvalidFilterError} for filters that are empty, or select instances that may still run. */
export function toPruned(filters: QueryFilters, { includeActive = false, all = false }: PruneOptions): Selection {
  const selection = toSelection(filters);
  const { status, statusIn = status === undefined ? undefined : [status] } = filters;
  const names = Object.keys(filters).filter((name) => !(name === "workflowFamily" && filters.workflowFamily === ""));
  if (names.length === 0 && !all)
    throw new InvalidFilterError("", "prune without a filter would delete everything: say so with { all: true }");
  const active = statusIn?.filter((one) => !isTerminal(one)) ?? ["any"];
  if (active.length > 0 && !includeActive)
    throw new InvalidFilterError(
      status === undefined ? "statusIn" : "status",
      `prune would delete instances that may still run (${active.join(", ")}): give statusIn: ["completed", "failed"], or say so with { includeActive: true }`,
    );
  return selection;
}

/** Deletes the rows of a selection in batches until there are no more or the signal stops it. Returns how many were deleted. */
export async function pruneRows(store: Pick<RowStore, "deleteSome">, selection: Selection, options: PruneOptions): Promise<number> {
  const { batchSize = BATCH_SIZE, signal, onProgress } = options;
  let pruned = 0;
  while (signal?.aborted !== true) {
    const { deleted, more } = await store.deleteSome(selection, batchSize);
    pruned += deleted;
    if (deleted > 0) onProgress?.(pruned);
    if (!more) break;
  }
  return pruned;
}
