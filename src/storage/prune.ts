import { InvalidFilterError } from "../errors.js";
import { createInstance, isTerminal, STATUSES, type Status } from "../instance/instance.js";
import { throwIfAborted } from "../runtime/signals.js";
import { STATE } from "../state/fields.js";
import { toRow } from "../state/mapping.js";
import { contains } from "./containment.js";
import type { QueryFilters } from "./filters.js";
import type { PruneOptions } from "./options.js";
import type { RowStore } from "./row-store.js";
import { type InstanceWhere, MAX_TAKE, type Selection } from "./selection.js";

const BATCH_SIZE = 500;

/**
 * Rejects a selection that would delete more than it seems to. Both guards look at the compiled selection, so that they
 * judge what would be deleted.
 *
 * @throws {InvalidFilterError} for filters that select every instance, or instances that may still run.
 */
export function checkPruned(selection: Selection, filters: QueryFilters, { includeActive = false, all = false }: PruneOptions): void {
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
}

/** Deletes the rows of a selection in batches until there are no more, and returns how many were deleted. */
export async function pruneRows(store: Pick<RowStore, "deleteSome">, selection: Selection, options: PruneOptions): Promise<number> {
  const { batchSize = BATCH_SIZE, signal, onProgress } = options;
  const limit = Math.min(batchSize, MAX_TAKE);
  let pruned = 0;
  for (let after: string | null = null; ;) {
    throwIfAborted(signal);
    // Without the signal, which would end the call while the batch is executed: then nobody would count what it deletes.
    const { deleted, last }: Awaited<ReturnType<RowStore["deleteSome"]>> = await store.deleteSome(selection, limit, after);
    pruned += deleted;
    if (deleted > 0) onProgress?.(pruned);
    if (last === null) return pruned;
    // The database keeps some: from now on in the order of the ids, to go past them.
    if (after !== null) after = last;
    else if (deleted < limit) after = "";
  }
}

/** What every stored state contains: that of a new instance, but for its step. */
const EVERY_STATE = JSON.parse(toRow(createInstance({ id: "a", workflow: "a" }), "error").stateText, (key, value: unknown) =>
  key === STATE.currentStep ? undefined : value,
) as unknown;

/** Whether a selection has no condition that any instance could fail. */
function selectsAll({ where, contains: patterns }: Selection): boolean {
  return matchesAll(where) && patterns.every((pattern) => contains(EVERY_STATE, JSON.parse(pattern)));
}

function matchesAll({ AND = [], OR, status, workflow, ...others }: InstanceWhere): boolean {
  return (
    Object.keys(others).length === 0 &&
    AND.every(matchesAll) &&
    (OR === undefined || OR.some(matchesAll)) &&
    (status === undefined || statusesOf({ status }).length === STATUSES.length) &&
    (workflow === undefined || (typeof workflow === "object" && "startsWith" in workflow && workflow.startsWith === ""))
  );
}

/** The statuses that instances of a selection can have. */
function statusesOf({ AND = [], status }: InstanceWhere): Status[] {
  const inner = AND.map(statusesOf);
  return STATUSES.filter(
    (one) =>
      inner.every((statuses) => statuses.includes(one)) &&
      (status === undefined || (typeof status === "string" ? status === one : status.in.includes(one))),
  );
}
