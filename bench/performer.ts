import type { Operations } from "./candidate.js";
import { type Case, PUT_MANY_ROWS } from "./case.js";
import type { Entry, Workload } from "./workload.js";

/** A function that performs an operation once, and returns for how many operations it counts. */
export function performerOf(operations: Operations, operation: Case["operation"], workload: Workload): () => Promise<number> {
  switch (operation) {
    case "put":
      return async () => (await operations.put(workload.next()), 1);
    case "get":
      return async () => (await operations.get(workload.nextId()), 1);
    case "list":
      return async () => (await operations.list(), 1);
    case "putMany":
      return async () => {
        const entries = distinct(workload, PUT_MANY_ROWS);
        if (operations.putMany === undefined) throw new Error("it has no putMany");
        await operations.putMany(entries);
        return entries.length;
      };
  }
}

/** So many entries of different ids: not every candidate accepts an id twice in one call. */
function distinct(workload: Workload, count: number): Entry[] {
  const entries = new Map<string, Entry>();
  while (entries.size < count) {
    const entry = workload.next();
    entries.set(entry.id, entry);
  }
  return [...entries.values()];
}
