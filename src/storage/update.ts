import type { Change } from "./storage.js";
import { backOff } from "./backoff.js";
import { ConflictError, InstanceNotFoundError } from "../errors.js";
import type { Instance } from "../instance/instance.js";
import type { UpdateOptions } from "./options.js";
import { count } from "./observability/tally.js";

/** What an update is made of. */
export interface Updatable {
  get(id: string): Promise<Instance | null>;
  /** Stores `next` where `expected` is still what is stored, and answers it as it is stored. */
  swap(expected: Instance, next: Instance): Promise<Instance>;
}

// Thirty writers on one row seldom lose more than twenty times in a row.
const ATTEMPTS = 100;
const BACKOFF = { minDelayMs: 4, maxDelayMs: 250 };

/** Reads, changes, and swaps where nobody else has written; begins again where somebody has. */
export async function updateInstance(storage: Updatable, id: string, change: Change, options: UpdateOptions): Promise<Instance> {
  const { attempts = ATTEMPTS, signal } = options;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    const current = await storage.get(id);
    if (current === null) throw new InstanceNotFoundError(id, `there is no instance ${JSON.stringify(id)} to update`);
    const next = await change(current);
    if (next === current) return current;
    signal?.throwIfAborted();
    try {
      return await storage.swap(current, next);
    } catch (error) {
      // With a cause, it is a conflict that only a new transaction ends.
      if (!(error instanceof ConflictError) || error.cause !== undefined || attempt >= attempts) throw error;
    }
    count("retries", () => 1);
    await backOff(attempt, BACKOFF, signal);
  }
}
