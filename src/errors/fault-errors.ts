import { InstanceError, StorageError } from "./storage-error.js";

/**
 * A write may or may not have been carried out: the connection was lost meanwhile, it took longer than `timeoutMs`, or
 * the signal of an `update` ended it. Read the instance to find out. `cause` is the driver's error, a
 * {@link TimeoutError}, or the signal's reason.
 */
export class OutcomeUnknownError extends InstanceError {
  override get name(): "OutcomeUnknownError" {
    return "OutcomeUnknownError";
  }
  override readonly code = "OUTCOME_UNKNOWN" as const;
  /** Ids of all instances that were being written. `id` is the first of them. */
  readonly ids: readonly string[];

  constructor(ids: readonly string[], message: string, options?: ErrorOptions) {
    super(ids[0] ?? "", message, options);
    this.ids = ids;
  }
}

/**
 * A call took longer than the storage's option `timeoutMs`. Nothing was written: a write that may have been carried out
 * is an {@link OutcomeUnknownError}.
 */
export class TimeoutError extends StorageError {
  override get name(): "TimeoutError" {
    return "TimeoutError";
  }
  override readonly code = "TIMEOUT" as const;
  /** The option `timeoutMs`. */
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super(`the database did not answer within the ${timeoutMs} ms of the option timeoutMs`);
    this.timeoutMs = timeoutMs;
  }
}

/** The server takes no writes, and did not begin to while the call was tried again. Nothing was written. `cause` is the driver's error. */
export class ReadOnlyError extends StorageError {
  override get name(): "ReadOnlyError" {
    return "ReadOnlyError";
  }
  override readonly code = "READ_ONLY" as const;

  constructor(options?: ErrorOptions) {
    super(
      "the database server takes no writes: it is a standby, or default_transaction_read_only is on. " +
        "Connect to the primary; after a failover, to the server that was promoted",
      options,
    );
  }
}

/** The database reports that it has not stored an instance, though it threw no error: a trigger or a rule suppressed the row. */
export class NotStoredError extends InstanceError {
  override get name(): "NotStoredError" {
    return "NotStoredError";
  }
  override readonly code = "NOT_STORED" as const;
}
