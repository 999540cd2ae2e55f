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
export async function backOff(attempt: number, { minDelayMs, maxDelayMs }: Backoff, signal?: AbortSignal): Promise<void> {
  const bound = Math.min(maxDelayMs, minDelayMs * 2 ** (attempt - 1));
  signal?.throwIfAborted();
  await sleep(Math.random() * bound, signal);
  signal?.throwIfAborted();
}

// Not by node:timers/promises, which browsers and the edge lack.
function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    signal?.addEventListener("abort", wake);
  });
}
