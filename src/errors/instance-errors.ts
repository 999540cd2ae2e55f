import { quote } from "../messages/quote.js";
import { InstanceError, nameErrors } from "./storage-error.js";

/** A state larger than the storage's option `maxStateBytes`. Nothing was written. */
export class StateTooLargeError extends InstanceError {
  override readonly code = "STATE_TOO_LARGE" as const;
  /** Size of its state as JSON, in bytes of UTF-8. */
  readonly bytes: number;
  /** The option `maxStateBytes`. */
  readonly limit: number;

  constructor(id: string, bytes: number, limit: number) {
    super(id, `the state of instance ${quote(id)} has ${bytes} bytes, and maxStateBytes is ${limit}`);
    this.bytes = bytes;
    this.limit = limit;
  }
}

abstract class RowError extends InstanceError {
  /** Where in the row, such as `state.execution_history[2].timestamp`. */
  readonly path: string;

  constructor(id: string, path: string, message: string) {
    super(id, message);
    this.path = path;
  }
}

/** A stored row that is not an instance. The message names the place, never the state: it may hold secrets. */
export class CorruptInstanceError extends RowError {
  override readonly code = "CORRUPT_INSTANCE" as const;
}

/** A stored number whose digits a JavaScript number can't hold. The message names the place, never the digits. */
export class PrecisionLossError extends RowError {
  override readonly code = "PRECISION_LOSS" as const;
}

/** The stored instance is no longer the expected one: another writer was faster. Nothing was written. */
export class ConflictError extends InstanceError {
  override readonly code = "CONFLICT" as const;
}

/** An instance with this id already exists. Nothing was written. */
export class InstanceExistsError extends InstanceError {
  override readonly code = "INSTANCE_EXISTS" as const;
}

/** No instance with this id is stored. */
export class InstanceNotFoundError extends InstanceError {
  override readonly code = "INSTANCE_NOT_FOUND" as const;
}

/**
 * A stored instance that the option `transform` can't read: its `read` has thrown, or has returned no instance with this id.
 * What it threw may repeat the state, which may hold secrets: it is the `reason`, and neither in the message nor in what
 * `console` shows of this error.
 */
export class TransformError extends RowError {
  override readonly code = "TRANSFORM_FAILED" as const;
  readonly #reason: unknown;

  constructor(id: string, message: string, reason?: unknown) {
    super(id, "state", message);
    this.#reason = reason;
  }

  /** What `read` has thrown; `undefined` if it hasn't. */
  get reason(): unknown {
    return this.#reason;
  }
}

nameErrors({
  ConflictError,
  CorruptInstanceError,
  InstanceExistsError,
  InstanceNotFoundError,
  PrecisionLossError,
  StateTooLargeError,
  TransformError,
});
