import { node } from "../../runtime/node.js";

/** What an observed call counts on its way, since only the code deep inside knows it. */
export interface Tally {
  /** Rows that were deleted. */
  deleted: number;
  /** The size of the states' JSON, written and read. */
  stateBytes: number;
  /** How often the call was tried again. */
  retries: number;
}

// Without Node, nothing is counted.
const hooks = node.getBuiltinModule?.("node:async_hooks");
const tallies = hooks && new hooks.AsyncLocalStorage<Tally>();

/** Runs a call whose work is counted. */
export function counted<Result>(tally: Tally, call: () => Result): Result {
  return tallies === undefined ? call() : tallies.run(tally, call);
}

/** Counts for the observed call that is on its way. If nobody observes, `howMany` isn't called. */
export function count(what: keyof Tally, howMany: () => number): void {
  const tally = tallies?.getStore();
  if (tally !== undefined) tally[what] += howMany();
}
