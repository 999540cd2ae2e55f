import { describe } from "../messages/describe.js";
import { isObject } from "../runtime/native-types.js";
import { readPlainObject } from "./plain-object.js";
import { checkOptions, count, flag, type Rules } from "./check-options.js";
import { backOff } from "./backoff.js";
import { ReadOnlyError } from "../errors.js";
import { outcomeUnknown } from "./outcome-unknown.js";
import { faultOf, isReadOnly } from "../sql/faults.js";
import { count as addToTally } from "./observability/tally.js";
import { withTimeout } from "./timeout.js";

/** Whether and how calls are tried again. */
export interface RetryOption {
  /**
   * How calls are tried again when the connection is lost, none is free in time, or the database breaks a deadlock;
   * `false` for never. Never inside your transaction.
   *
   * @defaultValue 8 attempts, with random waits below 50, 100, 200 … 2,000 ms: three seconds on average
   */
  readonly retry?: RetryOptions | false;
}

/** How calls are tried again. */
export interface RetryOptions {
  /**
   * How often a call is tried in all.
   *
   * @defaultValue 8
   */
  readonly attempts?: number;
  /**
   * Upper bound of the first wait, in milliseconds. It doubles with each attempt.
   *
   * @defaultValue 50
   */
  readonly minDelayMs?: number;
  /**
   * Upper bound of every wait, in milliseconds.
   *
   * @defaultValue 2_000
   */
  readonly maxDelayMs?: number;
  /**
   * Whether `put`, `putMany` and `delete` are tried again after a fault that leaves open whether they were carried out.
   * If they were, the second attempt undoes what others have stored since. With `false`, they fail with
   * `OUTCOME_UNKNOWN` instead, as `insert` and a compare-and-swap always do.
   *
   * @defaultValue true
   */
  readonly afterUnknown?: boolean;
}

/** Runs statements, and runs them again after faults that pass. */
export interface Retry {
  /**
   * Runs what may be carried out any number of times: a read, or a deletion by filters. A signal ends the wait for it.
   *
   * @throws {TimeoutError} after `timeoutMs`.
   */
  read<Result>(statement: Statement<Result>, signal?: AbortSignal): Promise<Result>;
  /**
   * Runs a write of the instances with these ids that stores the same when it is carried out again, and undoes what
   * others have stored in between. It goes again as `afterUnknown` says.
   *
   * @throws {OutcomeUnknownError} if it may have been carried out.
   * @throws {TimeoutError} after `timeoutMs`, if it surely wasn't carried out.
   */
  write<Result>(ids: readonly string[], statement: Statement<Result>): Promise<Result>;
  /**
   * Runs a write of the instance with this id that must not be carried out twice. It goes again only if it surely
   * wasn't carried out. A signal ends the wait for it.
   *
   * @throws {OutcomeUnknownError} if it may have been carried out.
   * @throws {TimeoutError} after `timeoutMs`, if it surely wasn't carried out.
   */
  once<Result>(id: string, statement: Statement<Result>, signal?: AbortSignal): Promise<Result>;
}

/** Sends a statement, each time that it is called. */
type Statement<Result> = () => PromiseLike<Result>;

const RETRY_OPTIONS: Rules<RetryOptions> = { attempts: count, minDelayMs: count, maxDelayMs: count, afterUnknown: flag };

export const RETRY_OPTION: Rules<RetryOption> = {
  retry: (value, reject) => {
    if (value === false) return;
    if (!isObject(value)) reject(`expected false or an object, found ${describe(value)}`);
    else checkOptions(readPlainObject(value, reject), RETRY_OPTIONS);
  },
};

// 50, 100, 200 … 2,000 ms as bounds: six seconds at the most, three on average.
const DEFAULTS = { attempts: 8, minDelayMs: 50, maxDelayMs: 2_000, afterUnknown: true };

/** Retries as the options say. `false` leaves every error as it comes, except that it names an unknown outcome. */
export function createRetry(options: RetryOptions | false, timeoutMs?: number): Retry {
  const { attempts, afterUnknown, ...backoff } = { ...DEFAULTS, ...(options === false ? { attempts: 1 } : options) };

  const run = <Result>(statement: Statement<Result>, { repeats, ids, until }: Run): Promise<Result> =>
    withTimeout(timeoutMs, until, async (signal) => {
      let isUnknown = false; // whether an attempt may have been carried out
      for (let attempt = 1; ; attempt++) {
        let isSent = false;
        try {
          if (attempt > 1) await backOff(attempt - 1, backoff, signal);
          signal?.throwIfAborted();
          isSent = true;
          return await untilAborted(statement(), signal);
        } catch (error) {
          const isEnded = signal?.aborted === true;
          const fault = isEnded ? isSent && "unknown" : faultOf(error);
          isUnknown ||= fault === "unknown";
          const goesAgain = fault === "unexecuted" || (fault === "unknown" && repeats);
          if (isEnded || attempt === attempts || !goesAgain) {
            if (ids !== undefined && isUnknown && (isEnded || !repeats)) throw outcomeUnknown(ids, error);
            throw isReadOnly(error) ? new ReadOnlyError({ cause: error }) : error;
          }
        }
        addToTally("retries", () => 1);
      }
    });

  return {
    read: (statement, until) => run(statement, { repeats: true, until }),
    write: (ids, statement) => run(statement, { repeats: afterUnknown, ids }),
    once: (id, statement, until) => run(statement, { repeats: false, ids: [id], until }),
  };
}

interface Run {
  /** Whether the statement goes again after a fault that leaves open whether it was carried out. */
  readonly repeats: boolean;
  /** The ids of what a write stores. */
  readonly ids?: readonly string[];
  /** Ends the wait for the statement. */
  readonly until?: AbortSignal | undefined;
}

/**
 * Waits for a promise, but no longer than until a signal is aborted. What the promise stands for goes on.
 *
 * @throws {unknown} the signal's reason.
 */
function untilAborted<Result>(promise: PromiseLike<Result>, signal: AbortSignal | undefined): PromiseLike<Result> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    const settled = (): void => signal.removeEventListener("abort", abort);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).then(settled, settled);
  });
}
