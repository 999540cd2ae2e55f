import { TimeoutError } from "../errors.js";
import { onAbort, reasonOf } from "../runtime/signals.js";
import { clearTimeout, setImmediate, setTimeout } from "../runtime/timers.js";
import { milliseconds, type Rules } from "./check-options.js";

/** How long calls may take. */
export interface TimeoutOption {
  /**
   * How long a read or a write may take, in milliseconds, with its retries and the wait for a connection. A read, and a
   * write that was not sent, then fail with `TIMEOUT`; any other write fails with `OUTCOME_UNKNOWN`. A call that sends one
   * statement after the other has this time for each of them: each page of a stream, each batch of `prune`, each read and
   * each compare-and-swap of an `update`.
   *
   * @defaultValue no limit
   */
  readonly timeoutMs?: number;
}

export const TIMEOUT_OPTION: Rules<TimeoutOption> = { timeoutMs: milliseconds };

/** Runs with a signal that is aborted when the time is up, or when another signal is; `undefined` if neither can happen. */
export async function withTimeout<Result>(
  timeoutMs: number | undefined,
  signal: AbortSignal | undefined,
  run: (signal: AbortSignal | undefined) => Promise<Result>,
): Promise<Result> {
  if (timeoutMs === undefined) return run(signal);
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new TimeoutError(timeoutMs)), timeoutMs);
  const abort = (): void => controller.abort(signal && reasonOf(signal));
  if (signal?.aborted === true) abort();
  const stop = signal && onAbort(signal, abort);
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
    stop?.();
  }
}

/** A wait that was ended by a signal, before what it waited for came to an end. `cause` is the signal's reason. */
export class AbandonedError extends Error {}

/**
 * Waits for a promise, but hardly longer than until a signal is aborted. What the promise stands for goes on. If the signal
 * was late because this process was busy, the result is in the socket already: one turn of the event loop reads it.
 *
 * @throws {AbandonedError} if the wait was ended.
 */
export function untilAborted<Result>(promise: PromiseLike<Result>, signal: AbortSignal | undefined): PromiseLike<Result> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abandon = (): void => reject(new AbandonedError("the wait was ended", { cause: reasonOf(signal) }));
    const abort = (): unknown => setImmediate(() => setImmediate(abandon));
    const stop = onAbort(signal, abort);
    if (signal.aborted) abort();
    promise.then(resolve, reject).then(stop, stop);
  });
}
