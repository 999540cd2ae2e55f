import { describe } from "../instance/describe.js";
import { isObject } from "../instance/check.js";
import { readPlainObject } from "../instance/plain-object.js";
import { checkOptions, count, type Rules } from "../storage/check-options.js";
import { backOff } from "../storage/backoff.js";
import { OutcomeUnknownError } from "../errors.js";
import { faultOf } from "./transient-error.js";
import { count as addToTally } from "../storage/observability/tally.js";

/** Whether and how calls are tried again. */
export interface RetryOption {
  /**
   * How calls are tried again when the connection is lost, none is free in time, or the database breaks a deadlock;
   * `false` for not at all. Never inside your transaction. Where it is left out: 8 attempts, with random waits below
   * 50, 100, 200 … 2,000 ms, so three seconds on average.
   */
  readonly retry?: RetryOptions | false;
}

/** How calls are tried again. */
export interface RetryOptions {
  /** How often a call is tried in all; 8 where it is left out. */
  readonly attempts?: number;
  /** Upper bound of the first wait, in milliseconds; it doubles with each attempt. 50 where it is left out. */
  readonly minDelayMs?: number;
  /** Upper bound of every wait, in milliseconds; 2,000 where it is left out. */
  readonly maxDelayMs?: number;
}

/** Runs statements, and runs them again after faults that pass. */
export interface Retry {
  /** A statement that may run twice. */
  repeatable<Result>(statement: () => PromiseLike<Result>): Promise<Result>;
  /**
   * A statement about one instance that must not run twice: it goes again only where it has surely done nothing.
   *
   * @throws {OutcomeUnknownError} where the connection was lost on the way.
   */
  once<Result>(id: string, statement: () => PromiseLike<Result>): Promise<Result>;
}

const RETRY_OPTIONS: Rules<RetryOptions> = { attempts: count, minDelayMs: count, maxDelayMs: count };

export const RETRY_OPTION: Rules<RetryOption> = {
  retry: (value, refuse) => {
    if (value === false) return;
    if (!isObject(value)) refuse(`expected false or an object, found ${describe(value)}`);
    else checkOptions(readPlainObject(value, refuse), RETRY_OPTIONS);
  },
};

// 50, 100, 200 … 2,000 ms as bounds: six seconds at the most, three on average.
const DEFAULTS = { attempts: 8, minDelayMs: 50, maxDelayMs: 2_000 };

/** Retries as the options say; `false` leaves every error as it comes, but for an unknown outcome's name. */
export function createRetry(options: RetryOptions | false): Retry {
  const { attempts, ...backoff } = options === false ? { ...DEFAULTS, attempts: 1 } : { ...DEFAULTS, ...options };
  const run = async <Result>(statement: () => PromiseLike<Result>, mayRepeat: (error: unknown) => boolean): Promise<Result> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await statement();
      } catch (error) {
        if (attempt >= attempts || !mayRepeat(error)) throw error;
      }
      addToTally("retries", () => 1);
      await backOff(attempt, backoff);
    }
  };
  return {
    repeatable: (statement) => run(statement, (error) => faultOf(error) !== null),
    async once(id, statement) {
      try {
        return await run(statement, (error) => faultOf(error) === "unexecuted");
      } catch (error) {
        if (faultOf(error) !== "unknown") throw error;
        const lost = `the connection was lost while instance ${JSON.stringify(id)} was being written: it may have been, or not. Read it to find out.`;
        throw new OutcomeUnknownError(id, lost, { cause: error });
      }
    },
  };
}
