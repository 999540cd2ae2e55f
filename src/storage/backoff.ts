import { onAbort, throwIfAborted } from "../runtime/signals.js";
import { clearTimeout, setTimeout } from "../runtime/timers.js";

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
 * @throws {unknown} the signal's reason.
 */
export async function backOff(attempt: number, { minDelayMs, maxDelayMs }: Backoff, signal: AbortSignal | undefined): Promise<void> {
  const bound = Math.min(maxDelayMs, minDelayMs * 2 ** (attempt - 1));
  throwIfAborted(signal);
  await sleep(Math.random() * bound, signal);
  throwIfAborted(signal);
}

// Not by node:timers/promises, which browsers and the edge lack.
function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      stop?.();
      resolve();
    }, milliseconds);
    const stop =
      signal &&
      onAbort(signal, () => {
        clearTimeout(timer);
        resolve();
      });
  });
}
