import type { CorruptInstanceError, PrecisionLossError, TransformError } from "../errors.js";
import type { Instance } from "../instance/instance.js";
import type { InstanceSummary } from "../instance/summary.js";
import type { BigIntegers } from "../values/big-integers.js";
import type { SchemaMismatchError } from "./schemas/schema-mismatch-error.js";

/** What a state may hold. */
export interface StateOptions {
  /**
   * How to read JSON integers beyond ±(2^53−1), which Elixir and psql store (64-bit ids): `"error"` throws
   * `PRECISION_LOSS` if a JavaScript number can't hold the digits; `"bigint"` returns all of them as BigInts, and writes
   * such BigInts as JSON integers. Use one setting for all services that share a table.
   *
   * @defaultValue `"error"`
   */
  readonly bigIntegers?: BigIntegers;
  /**
   * The largest state that can be written, in bytes of its JSON in UTF-8.
   *
   * @defaultValue no limit
   */
  readonly maxStateBytes?: number;
}

/** Options of every call. */
export interface CallOptions {
  /**
   * Ends the call: it sends nothing more, and is rejected with the signal's reason or, if a write may have been executed,
   * with `OUTCOME_UNKNOWN`. What was executed before stays.
   */
  readonly signal?: AbortSignal;
}

/** Why a row can't be returned as an instance. */
export type UnreadableError = CorruptInstanceError | PrecisionLossError | SchemaMismatchError | TransformError;

/** What a listing does with a row that can't be returned: throw the error, leave the row out, or leave it out and report why. */
export type OnUnreadable = "throw" | "skip" | ((error: UnreadableError) => void);

/** Options of the calls that return many instances. */
export interface ReadOptions extends CallOptions {
  /**
   * How to handle rows that match and can't be returned: `"throw"` throws the first one's error, `"skip"` leaves them
   * out, a function is called with each error, and they are left out. Rows that are left out don't count for a page.
   *
   * @defaultValue `"throw"`
   */
  readonly onUnreadable?: OnUnreadable;
}

/** Options of `get`. */
export interface GetOptions extends CallOptions {
  /**
   * Locks the row, as `SELECT … FOR UPDATE` does, until your transaction ends: other writers of it wait, and so do others who
   * lock it. By SQL, and inside a transaction of yours only. For a limit to the wait, `SET LOCAL lock_timeout` in there.
   *
   * @defaultValue `false`
   */
  readonly forUpdate?: boolean;
}

/** How a page of rows is locked: `true` waits for rows that others have locked. */
export type LockMode = true | "skip locked" | "nowait";

/** Options of `put`. */
export interface PutOptions extends CallOptions {
  /**
   * Stores only if the stored instance is still this one: an instance that a storage has read or written, or a spread copy
   * of it. A copy of another kind (`structuredClone`, JSON) lacks what such an instance keeps of keys that this version
   * doesn't know, and equals only a row that has none. With `transform.write`, only an instance that was read, and no copy.
   */
  readonly expected?: Instance;
}

/** Options of `update`. */
export interface UpdateOptions extends CallOptions {
  /**
   * How often read, change and compare-and-swap are tried in all.
   *
   * @defaultValue 100
   */
  readonly attempts?: number;
}

/** Options of `query`: which page is returned. */
export interface QueryOptions extends ReadOptions {
  /**
   * How many instances a page has at most. A page has fewer only if no more match, or with `forUpdate`.
   *
   * @defaultValue all
   */
  readonly limit?: number;
  /**
   * Where the page begins: after this id, the last one of the page before, which need not be stored any more. Not the
   * cursor of a `list`.
   *
   * @defaultValue the first page
   */
  readonly after?: string;
  /**
   * Locks the rows of the page until your transaction ends, as `SELECT … FOR UPDATE` does. By SQL, inside a transaction of
   * yours, and with a `limit` only. Each row matches the filters as it is once it is locked, and is returned as it is then.
   *
   * - `true` waits for rows that others have locked. Those that don't match any more are left out.
   * - `"skip locked"` leaves out the rows that others have locked: any number of workers get pages without a row in common.
   * - `"nowait"` is rejected with the database's own error, SQLSTATE 55P03, if others have locked one of them. The transaction
   *   is aborted then: roll it back, or to a savepoint.
   *
   * A page is read once, and not filled up: that it is short, or empty, doesn't mean that no more match.
   *
   * @defaultValue `false`
   */
  readonly forUpdate?: LockMode | false;
}

/** Options of `stream`. */
export interface StreamOptions extends ReadOptions {
  /**
   * How many instances are read at once, and held at most.
   *
   * @defaultValue 100
   */
  readonly batchSize?: number;
  /**
   * Where the stream begins: after this id, the last one of another stream, which need not be stored any more.
   *
   * @defaultValue the first instance
   */
  readonly after?: string;
}

/** What a list can be ordered by, each with an index that ends in the id. */
export type OrderColumn = "id" | "insertedAt" | "updatedAt";
export type Direction = "asc" | "desc";

/** Options of `list`: which page is returned. */
export interface ListOptions extends ReadOptions {
  /**
   * How many summaries a page has at most. A page has fewer only if no more match.
   *
   * @defaultValue 50
   */
  readonly limit?: number;
  /**
   * Where the page begins: the `nextCursor` of the page before. `null` and `undefined` mean the first page.
   *
   * @defaultValue `null`
   */
  readonly cursor?: string | null | undefined;
  /** @defaultValue `"updatedAt"` */
  readonly orderBy?: OrderColumn;
  /** @defaultValue `"desc"`, the latest first */
  readonly direction?: Direction;
}

/** One page of a list. */
export interface SummaryPage {
  readonly items: InstanceSummary[];
  /** The option `cursor` of the next page; `null` if this is the last one. */
  readonly nextCursor: string | null;
}

/** What instances can be counted by. */
export type CountColumn = "status" | "workflow" | "workflowVersion";

/** Options of `prune`. */
export interface PruneOptions extends CallOptions {
  /**
   * How many are deleted at once.
   *
   * @defaultValue 500
   */
  readonly batchSize?: number;
  /** Deletes nothing, and returns how many would be deleted. */
  readonly dryRun?: boolean;
  /** Called after each batch with how many were deleted so far. */
  readonly onProgress?: (pruned: number) => void;
  /** Also deletes instances that may still run: pending, running, waiting. */
  readonly includeActive?: boolean;
  /** Allows filters that select every instance. */
  readonly all?: boolean;
}

/** Returns the next instance, or the same object to leave the row unchanged. */
export type InstanceChange<Stored extends Instance = Instance> = (instance: Stored) => Stored | Promise<Stored>;
