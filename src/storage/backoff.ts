import { setTimeout } from "node:timers/promises";

/** How long to wait between attempts. */
export interface Backoff {
  /** Upper bound of the first wait, in milliseconds; it doubles with each attempt. */
  readonly minDelayMs: number;
  /** Upper bound of every wait, in milliseconds. */
  readonly maxDelayMs: number;
}

/**
 * Waits before the next attempt: a random time below a bound that doubles, so that those who met don't meet again.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 *
 * @throws what the signal was aborted with.
 */
export async function backOff(attempt: number, { minDelayMs, maxDelayMs }: Backoff, signal?: AbortSignal): Promise<void> {
  const bound = Math.min(maxDelayMs, minDelayMs * 2 ** (attempt - 1));
  await setTimeout(Math.random() * bound, undefined, signal && { signal }).catch(() => {});
  signal?.throwIfAborted();
}
