/** What an observed call counts on its way, where only the code deep inside knows it. */
export interface Tally {
  /** Rows that were deleted. */
  deleted: number;
  /** Bytes of the states' JSON in UTF-8, written and read. */
  stateBytes: number;
  /** How often the call was tried again. */
  retries: number;
}

// Asked of the process, not imported: a bundle for browsers or the edge loads without it, and counts nothing there.
declare const process: Partial<Pick<NodeJS.Process, "getBuiltinModule">> | undefined;
const hooks = typeof process === "undefined" ? undefined : process.getBuiltinModule?.("node:async_hooks");
const tallies = hooks && new hooks.AsyncLocalStorage<Tally>();

/** Runs a call whose work is counted. */
export function counted<Result>(tally: Tally, call: () => Result): Result {
  return tallies === undefined ? call() : tallies.run(tally, call);
}

/** Counts for the observed call that is on its way; where nobody observes, nothing is made out. */
export function count(what: keyof Tally, howMany: () => number): void {
  const tally = tallies?.getStore();
  if (tally !== undefined) tally[what] += howMany();
}
