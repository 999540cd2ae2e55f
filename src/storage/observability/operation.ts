import type { StorageErrorCode } from "../../errors.js";

/** The calls of a storage: `observed-storage` proves that there are no others. */
export type OperationName =
  | "get"
  | "put"
  | "insert"
  | "update"
  | "putMany"
  | "delete"
  | "query"
  | "stream"
  | "list"
  | "count"
  | "countBy"
  | "prune";

/** What one call of a storage did: nothing of a state, and no id unless `recordIds` asks for them. */
export interface StorageOperation {
  readonly operation: OperationName;
  /** Milliseconds that the call took; of a stream, those that it took to read, without what the reader did in between. */
  readonly durationMs: number;
  /** How many instances it stored, returned, counted or deleted; 0 if it failed. */
  readonly rows: number;
  /**
   * The size of the states' JSON: of those that were written, bytes in UTF-8; of those that were read by SQL, characters.
   * Prisma's verbs, which read no text, count none.
   */
  readonly stateBytes: number;
  /**
   * How often it was tried again: after a fault, or in an update because another writer was faster. With
   * `coalesceWrites`, those of a batch count for one of its puts.
   */
  readonly retries: number;
  /** `"ok"`, the code of a {@link StorageError} or of Prisma's error, or `"error"` for an error that has none. */
  readonly outcome: "ok" | StorageErrorCode | (string & {});
  /** The ids that the call was given; only with `recordIds`. */
  readonly ids?: readonly string[];
}
