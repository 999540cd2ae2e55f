import { InstanceError, nameErrors, StorageError } from "./storage-error.js";

/**
 * A write may or may not have been executed: the connection was lost meanwhile, it took longer than `timeoutMs`, or its
 * signal ended it. Read the instance to find out. `cause` is the driver's error, a
 * {@link TimeoutError}, or the signal's reason.
 */
export class OutcomeUnknownError extends InstanceError {
  override readonly code = "OUTCOME_UNKNOWN" as const;
  /** Ids of all instances that were being written. `id` is the first of them. */
  readonly ids: readonly string[];

  constructor(ids: readonly string[], message: string, options?: ErrorOptions) {
    super(ids[0] ?? "", message, options);
    this.ids = ids;
  }
}

/**
 * A call took longer than the storage's option `timeoutMs`. Nothing was written: a write that may have been executed
 * is an {@link OutcomeUnknownError}.
 */
export class TimeoutError extends StorageError {
  override readonly code = "TIMEOUT" as const;
  /** The option `timeoutMs`. */
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super(`the database did not answer within the ${timeoutMs} ms of the option timeoutMs`);
    this.timeoutMs = timeoutMs;
  }
}

/** The server is read-only, and stayed so through every retry. Nothing was written. `cause` is the driver's error. */
export class ReadOnlyError extends StorageError {
  override readonly code = "READ_ONLY" as const;

  constructor(options?: ErrorOptions) {
    super(
      "the database server takes no writes: it is a standby, or default_transaction_read_only is on. " +
        "Connect to the primary; after a failover, to the server that was promoted",
      options,
    );
  }
}

/**
 * The database has not stored, changed or deleted an instance, though it threw no error: a trigger, a rule or a policy has
 * suppressed the write.
 */
export class NotStoredError extends InstanceError {
  override readonly code = "NOT_STORED" as const;
}

nameErrors({ NotStoredError, OutcomeUnknownError, ReadOnlyError, TimeoutError });
