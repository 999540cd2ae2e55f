import { describe } from "../messages/describe.js";
import { isObject } from "../runtime/native-types.js";
import { reasonOf, throwIfAborted } from "../runtime/signals.js";
import { backOff } from "./backoff.js";
import { checkOptions, count, flag, milliseconds, type Rules } from "./check-options.js";
import { count as addToTally } from "./observability/tally.js";
import { outcomeUnknown } from "./outcome-unknown.js";
import { NotExecutedError } from "./not-executed.js";
import { readPlainObject } from "./plain-object.js";
import type { RowStore } from "./row-store.js";
import { AbandonedError, untilAborted, withTimeout } from "./timeout.js";

/** Whether and how calls are retried. */
export interface RetryOption {
  /**
   * How calls are retried when the connection is lost, none is free in time, or the database breaks a deadlock; `false`
   * for never. Never inside your transaction.
   *
   * @defaultValue 8 attempts, with random waits below 50, 100, 200 … 2,000 ms: three seconds on average
   */
  readonly retry?: RetryOptions | false;
}

/** How calls are retried. */
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
   * Whether `put`, `putMany` and `delete` are retried when the outcome is unknown. If the first attempt was executed, the
   * second one undoes what others have stored since: only for applications in which an instance has one writer. Otherwise
   * they fail with `OUTCOME_UNKNOWN`, as `insert` and a compare-and-swap always do.
   *
   * @defaultValue `false`
   */
  readonly afterUnknown?: boolean;
}

const RETRY_OPTIONS: Rules<RetryOptions> = { attempts: count, minDelayMs: milliseconds, maxDelayMs: milliseconds, afterUnknown: flag };

export const RETRY_OPTION: Rules<RetryOption> = {
  retry: (value, reject) => {
    if (value === false) return;
    if (!isObject(value)) reject(`expected false or an object, found ${describe(value)}`);
    else checkOptions(readPlainObject(value, reject), RETRY_OPTIONS);
  },
};

// 50, 100, 200 … 2,000 ms as bounds: six seconds at the most, three on average.
const DEFAULTS = { attempts: 8, minDelayMs: 50, maxDelayMs: 2_000, afterUnknown: false };

/**
 * What an error says about a statement: it was not executed and can be retried, it may have been executed, or (`null`) the
 * error is not a passing fault.
 */
export type Fault = "unexecuted" | "unknown" | null;

/** How rows are retried. */
export interface Retrying {
  readonly retry: RetryOptions | false;
  readonly timeoutMs: number | undefined;
  /** What an error of the rows says. */
  readonly faultOf: (error: unknown) => Fault;
  /** What a caller gets for an error of the rows. */
  readonly explain: (error: unknown) => unknown;
}

/** The same rows, whose calls are retried after faults that pass, and end in time. Inside a transaction, nothing is retried. */
export function retryingRows(rows: RowStore, { retry, timeoutMs, faultOf, explain }: Retrying): RowStore {
  const { groups, locks } = rows;
  const { attempts, afterUnknown, ...backoff } = { ...DEFAULTS, ...(retry === false ? { attempts: 1 } : retry) };

  const run = <Result>(send: Send<Result>, { repeats, ids }: Kind, until: AbortSignal | undefined): Promise<Result> =>
    withTimeout(timeoutMs, until, async (signal) => {
      const most = rows.isInTransaction() ? 1 : attempts;
      let isUnknown = false; // whether an attempt may have been executed
      for (let attempt = 1; ; attempt++) {
        try {
          if (attempt > 1) await backOff(attempt - 1, backoff, signal);
          throwIfAborted(signal);
          return await untilAborted(send(signal), signal);
        } catch (error) {
          const isAbandoned = error instanceof AbandonedError;
          const reason = isAbandoned || error instanceof NotExecutedError ? error.cause : error;
          const isEnded = isAbandoned || (signal?.aborted === true && reason === reasonOf(signal));
          let fault = isEnded ? null : faultOf(reason);
          if (isAbandoned) fault = "unknown";
          else if (fault !== null && error instanceof NotExecutedError) fault = "unexecuted";
          isUnknown ||= fault === "unknown";
          if (attempt < most && !isEnded && (fault === "unexecuted" || (fault === "unknown" && repeats))) addToTally("retries", () => 1);
          else if (isUnknown && ids !== undefined) throw outcomeUnknown(ids, reason);
          else throw isEnded ? reason : explain(reason);
        }
      }
    });

  // May be executed any number of times: a read, or a deletion by filters.
  const read = <Result>(send: Send<Result>, signal?: AbortSignal): Promise<Result> => run(send, { repeats: true }, signal);
  // Stores the same when it is executed again, and undoes what others have stored in between.
  const write = <Result>(ids: readonly string[], send: Send<Result>, signal?: AbortSignal): Promise<Result> =>
    run(send, { repeats: afterUnknown, ids }, signal);
  // Must not be executed twice.
  const once = <Result>(id: string, send: Send<Result>, signal?: AbortSignal): Promise<Result> =>
    run(send, { repeats: false, ids: [id] }, signal);

  return {
    isInTransaction: () => rows.isInTransaction(),
    looksIntoStates: rows.looksIntoStates,
    locks:
      typeof locks === "string"
        ? locks
        : {
            find: (id, until) => read((signal) => locks.find(id, signal), until),
            findMany: (selection, take, mode, until) => read((signal) => locks.findMany(selection, take, mode, signal), until),
          },
    groups: groups && {
      find: (ids, until) => read((signal) => groups.find(ids, signal), until),
      upsert: (many, until) => write(idsOf(many), (signal) => groups.upsert(many, signal), until),
    },
    find: (id, until) => read((signal) => rows.find(id, signal), until),
    findMany: (selection, page, until) => read((signal) => rows.findMany(selection, page, signal), until),
    findSummaries: (selection, page, until) => read((signal) => rows.findSummaries(selection, page, signal), until),
    count: (selection, until) => read((signal) => rows.count(selection, signal), until),
    countBy: (selection, column, until) => read((signal) => rows.countBy(selection, column, signal), until),
    upsert: (row, until) => write([row.id], (signal) => rows.upsert(row, signal), until),
    upsertMany: (many, until) => write(idsOf(many), (signal) => rows.upsertMany(many, signal), until),
    insert: (row, until) => once(row.id, (signal) => rows.insert(row, signal), until),
    swap: (expected, row, until) => once(row.id, (signal) => rows.swap(expected, row, signal), until),
    delete: (id, until) => write([id], (signal) => rows.delete(id, signal), until),
    deleteSome: (selection, limit, after, until) => read((signal) => rows.deleteSome(selection, limit, after, signal), until),
  };
}

/** Sends a statement, each time that it is called. */
type Send<Result> = (signal: AbortSignal | undefined) => PromiseLike<Result>;

interface Kind {
  /** Whether the statement is retried when its outcome is unknown. */
  readonly repeats: boolean;
  /** The ids of what a write stores. */
  readonly ids?: readonly string[];
}

function idsOf(rows: readonly { readonly id: string }[]): string[] {
  return rows.map(({ id }) => id);
}
