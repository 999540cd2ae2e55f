import { backOff } from "./backoff.js";
import { ConflictError, InstanceNotFoundError } from "../errors.js";
import type { Instance } from "../instance/instance.js";
import { quote } from "../messages/quote.js";
import type { Change, UpdateOptions } from "./options.js";
import { count } from "./observability/tally.js";

/** What an update consists of. */
export interface Updatable<Version> {
  /** Reads an instance, and the version of it that is stored. */
  read(id: string, signal: AbortSignal | undefined): Promise<{ readonly current: Instance; readonly version: Version } | null>;
  /** Whether an instance that was read is no longer equal to what is stored. */
  isMutated(current: Instance, version: Version): boolean;
  /** Stores `next` if `version` is still stored, and returns it as it is stored. */
  swap(version: Version, next: Instance, signal: AbortSignal | undefined): Promise<Instance>;
}

// Thirty writers on one row seldom lose more than twenty times in a row.
const ATTEMPTS = 100;
const BACKOFF = { minDelayMs: 4, maxDelayMs: 250 };

/** Reads, changes, and swaps if nobody else has written meanwhile; otherwise begins again. */
export async function updateInstance<Version>(
  storage: Updatable<Version>,
  id: string,
  change: Change,
  { attempts = ATTEMPTS, signal }: UpdateOptions,
): Promise<Instance> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    const read = await storage.read(id, signal);
    if (read === null) throw new InstanceNotFoundError(id, `there is no instance ${quote(id)} to update`);
    const { current, version } = read;
    const next = await change(current);
    if (next === current && !storage.isMutated(current, version)) return current;
    signal?.throwIfAborted();
    try {
      return await storage.swap(version, next, signal);
    } catch (error) {
      // With a cause, it is a conflict that only a new transaction ends.
      if (!(error instanceof ConflictError) || error.cause !== undefined || attempt >= attempts) throw error;
    }
    count("retries", () => 1);
    await backOff(attempt, BACKOFF, signal);
  }
}
