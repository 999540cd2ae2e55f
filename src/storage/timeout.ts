import { clearTimeout, setTimeout } from "../runtime/timers.js";
import { TimeoutError } from "../errors.js";
import { describe } from "../messages/describe.js";
import type { Rules } from "./check-options.js";

/** How long calls may take. */
export interface TimeoutOption {
  /**
   * How long a read or a write may take, in milliseconds, with its retries and the wait for a connection. A read, and a
   * write that surely wasn't carried out, then fail with `TIMEOUT`; any other write fails with `OUTCOME_UNKNOWN`, and may
   * still be carried out later. A call that sends one statement after the other has this time for each of them: each
   * page of a stream, each batch of `prune`, each read and each compare-and-swap of an `update`.
   *
   * @defaultValue no limit
   */
  readonly timeoutMs?: number;
}

const MAX = 2 ** 31 - 1; // what a timer can wait

export const TIMEOUT_OPTION: Rules<TimeoutOption> = {
  timeoutMs: (value, reject) => {
    if (!Number.isSafeInteger(value) || Number(value) <= 0 || Number(value) > MAX)
      reject(`expected an integer from 1 to ${MAX}, found ${describe(value)}`);
  },
};

/** Runs with a signal that is aborted when the time is up, or when another signal is; `undefined` if neither can happen. */
export async function withTimeout<Result>(
  timeoutMs: number | undefined,
  signal: AbortSignal | undefined,
  run: (signal: AbortSignal | undefined) => Promise<Result>,
): Promise<Result> {
  if (timeoutMs === undefined) return run(signal);
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal?.reason);
  const timer = setTimeout(() => controller.abort(new TimeoutError(timeoutMs)), timeoutMs);
  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted === true) abort();
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}
