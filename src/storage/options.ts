import type { InstanceSummary } from "../instance/summary.js";
import type { SchemaMismatchError } from "./schemas/schema-mismatch-error.js";
import type { CorruptInstanceError, PrecisionLossError } from "../errors.js";
import type { Instance } from "../instance/instance.js";

/** What a state may hold. */
export interface StateOptions {
  /**
   * What becomes of integers beyond ±(2^53−1) in a stored state whose digits a JavaScript number can't hold (Elixir
   * and psql store 64-bit ids): `"error"` throws `PRECISION_LOSS`, `"bigint"` returns them as BigInts, and writes
   * such BigInts back as the same JSON numbers.
   *
   * @defaultValue `"error"`
   */
  readonly bigIntegers?: "error" | "bigint";
  /**
   * The largest state that `put` takes, in bytes of its JSON in UTF-8.
   *
   * @defaultValue no limit
   */
  readonly maxStateBytes?: number;
}

/** What rows can be ordered by, each with an index that ends in the id. */
export type OrderColumn = "id" | "insertedAt" | "updatedAt";
/** Upwards or downwards: the first or the latest first. */
export type Direction = "asc" | "desc";

/** What rows can be counted by. */
export type CountColumn = "status" | "workflow" | "workflowVersion";

/** Why a row can't be returned as an instance. */
export type UnreadableError = CorruptInstanceError | PrecisionLossError | SchemaMismatchError;

/** What a listing does with a row that can't be returned: throw the error, leave the row out, or leave it out and report why. */
export type OnUnreadable = "throw" | "skip" | ((error: UnreadableError) => void);

/** How an instance is put. */
export interface PutOptions {
  /**
   * Stores only if the stored instance is still this one, which this storage or another one on the same table has read:
   * the very object, not a copy.
   */
  readonly expected?: Instance;
}

/** How an instance is updated. */
export interface UpdateOptions {
  /**
   * How often read, change and compare-and-swap are tried in all.
   *
   * @defaultValue 100
   */
  readonly attempts?: number;
  /**
   * Ends the update: no attempt begins any more, and the wait for a read or for a write ends. The call is rejected with
   * the signal's reason or, if a write may have been carried out, with `OUTCOME_UNKNOWN`.
   */
  readonly signal?: AbortSignal;
}

/** Which page of a query is returned. */
export interface QueryOptions extends ReadOptions {
  /**
   * How many instances a page has at most. A page has fewer only if no more match.
   *
   * @defaultValue all
   */
  readonly limit?: number;
  /**
   * Where the page begins: after this id, the last one of the page before, which need not be stored any more.
   *
   * @defaultValue the first page
   */
  readonly after?: string;
}

/** How a stream reads. */
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

/** Which page of a list is returned. */
export interface ListOptions extends ReadOptions {
  /**
   * How many summaries a page has at most. A page has fewer only if no more match.
   *
   * @defaultValue 50
   */
  readonly limit?: number;
  /**
   * Where the page begins: after this place, the `nextCursor` of the page before.
   *
   * @defaultValue the first page
   */
  readonly after?: string;
  /** @defaultValue `"updatedAt"` */
  readonly orderBy?: OrderColumn;
  /** @defaultValue `"desc"`, the latest first */
  readonly direction?: Direction;
}

/** How instances are pruned. */
export interface PruneOptions {
  /**
   * How many are deleted at once.
   *
   * @defaultValue 500
   */
  readonly batchSize?: number;
  /** Deletes nothing, and returns how many would be deleted. */
  readonly dryRun?: boolean;
  /** Stops before the next batch. */
  readonly signal?: AbortSignal;
  /** Called after each batch with how many were deleted so far. */
  readonly onProgress?: (pruned: number) => void;
  /** Also deletes instances that may still run: pending, running, waiting. */
  readonly includeActive?: boolean;
  /** Allows filters that select every instance. */
  readonly all?: boolean;
}

/** What is done about rows that can't be returned. */
export interface ReadOptions {
  /**
   * What becomes of rows that match and can't be returned: `"throw"` throws the first one's error, `"skip"` leaves them
   * out, a function is called with each error, and they are left out. Rows that are left out don't count for a page.
   *
   * @defaultValue `"throw"`
   */
  readonly onUnreadable?: OnUnreadable;
}

/** Returns the next instance, or the same object to leave the row unchanged. */
export type Change<Stored extends Instance = Instance> = (instance: Stored) => Stored | Promise<Stored>;

/** One page of a list. */
export interface SummaryPage {
  readonly items: InstanceSummary[];
  /** The option `after` of the next page; `null` if this is the last one. */
  readonly nextCursor: string | null;
}
