import type { SchemaMismatchError } from "./schemas/schema-mismatch-error.js";
import type { CorruptInstanceError, PrecisionLossError } from "../errors.js";
import type { Instance } from "../instance/instance.js";

/** What a state may hold. */
export interface StateOptions {
  /**
   * What becomes of integers beyond ±(2^53−1) in a stored state whose digits a JavaScript number can't hold (Elixir
   * and psql store 64-bit ids): `"error"` raises `PRECISION_LOSS`, `"bigint"` hands them out as BigInts, and writes
   * such BigInts back as the same JSON numbers. `"error"` where it is left out.
   */
  readonly bigIntegers?: "error" | "bigint";
  /** The largest state that `put` takes, in bytes of its JSON in UTF-8. No limit where it is left out. */
  readonly maxStateBytes?: number;
}

/** What rows can be ordered by, each with an index that ends in the id. */
export type OrderColumn = "id" | "insertedAt" | "updatedAt";
/** Upwards or downwards: the first or the latest first. */
export type Direction = "asc" | "desc";

/** What rows can be counted by. */
export type CountColumn = "status" | "workflow" | "workflowVersion";

/** Why a row can't be handed out as an instance. */
export type UnreadableError = CorruptInstanceError | PrecisionLossError | SchemaMismatchError;

/** What a listing does with a row that can't be handed out: raise the error, leave the row out, or leave it out and tell why. */
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
  /** How often read, change and compare-and-swap are tried in all; 100 where it is left out. */
  readonly attempts?: number;
  /** Ends the attempts: the next one isn't begun, and the call is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** How a query answers. */
export interface QueryOptions extends ReadOptions {
  /** How many instances at the most; all where it is left out. */
  readonly limit?: number;
  /** Only instances behind this id, which needs not be stored: the last id of the page before. */
  readonly after?: string;
}

/** How a stream answers. */
export interface StreamOptions extends ReadOptions {
  /** How many instances are read at once, and held at the most; 100 where it is left out. */
  readonly batchSize?: number;
  /** Only instances after this id, which need not be stored: to go on where another stream has ended. Default: from the first one. */
  readonly after?: string;
}

/** How a list answers. */
export interface ListOptions extends ReadOptions {
  /** How many summaries at the most; 50 where it is left out. */
  readonly limit?: number;
  /** The `nextCursor` of the page before. Default: the first page. */
  readonly after?: string;
  /** `"updatedAt"` where it is left out. */
  readonly orderBy?: OrderColumn;
  /** `"desc"`, the latest first, where it is left out. */
  readonly direction?: Direction;
}

/** How instances are pruned. */
export interface PruneOptions {
  /** How many are deleted at once; 500 where it is left out. */
  readonly batchSize?: number;
  /** Deletes nothing, and answers how many would be deleted. */
  readonly dryRun?: boolean;
  /** Stops before the next batch. */
  readonly signal?: AbortSignal;
  /** Is told after each batch how many were deleted so far. */
  readonly onProgress?: (pruned: number) => void;
  /** Deletes instances too that may still run: pending, running, waiting. */
  readonly includeActive?: boolean;
  /** Deletes every instance, where no filter is given. */
  readonly all?: boolean;
}

/** How rows that can't be handed out are met. */
export interface ReadOptions {
  /**
   * What becomes of rows that match and can't be handed out: `"throw"` raises the first one's error, `"skip"` leaves
   * them out, a function is told each error, and they are left out. `"throw"` where it is left out.
   */
  readonly onUnreadable?: OnUnreadable;
}
