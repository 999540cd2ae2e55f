/** The `code` of every error that this package throws itself. */
export type StorageErrorCode =
  | "INVALID_CLIENT"
  | "INVALID_OPTION"
  | "INVALID_ID"
  | "INVALID_INSTANCE"
  | "INVALID_FILTER"
  | "NOT_SERIALIZABLE"
  | "STATE_TOO_LARGE"
  | "CORRUPT_INSTANCE"
  | "PRECISION_LOSS"
  | "SCHEMA_MISMATCH"
  | "CONFLICT"
  | "INSTANCE_EXISTS"
  | "INSTANCE_NOT_FOUND"
  | "OUTCOME_UNKNOWN"
  | "TIMEOUT"
  | "READ_ONLY"
  | "NOT_STORED"
  | "STORAGE_NOT_STARTED"
  | "MIGRATION_FAILED"
  | "MISSING_PACKAGE";

const BRAND: unique symbol = Symbol.for("hephaestus-prisma.error");

/**
 * Base of all errors of this package. Errors of Prisma and of the database are not wrapped: they arrive as they came.
 *
 * @example
 * ```ts
 * try {
 *   await storage.put(instance);
 * } catch (error) {
 *   if (error instanceof StorageError && error.code === "INVALID_INSTANCE") console.error(error.message);
 *   else throw error;
 * }
 * ```
 */
export abstract class StorageError extends Error {
  /** Says which error it is. */
  abstract readonly code: StorageErrorCode;
  /** Name of the class, also in a minified bundle. */
  override get name(): string {
    return "StorageError";
  }

  /** @internal Marks the errors of every copy of this package. */
  get [BRAND](): true {
    return true;
  }

  /**
   * @internal By name, so that `instanceof` knows the errors of another copy: a process that both imports and requires
   * this package loads two, and bundlers duplicate it. Only by a class's own name: a user's subclass has none.
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    if (typeof value !== "object" || value === null || !(BRAND in value)) return false;
    const name = Object.hasOwn(this.prototype, "name") ? this.prototype.name : undefined;
    return name !== undefined && isMadeBy(name, value);
  }
}

function isMadeBy(name: string, value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== "object" || prototype === null) return false;
  return (Object.hasOwn(prototype, "name") && "name" in prototype && prototype.name === name) || isMadeBy(name, prototype);
}

/** The client that was given is not a Prisma Client with the model, or cannot do what was asked. */
export class InvalidClientError extends StorageError {
  override get name(): "InvalidClientError" {
    return "InvalidClientError";
  }
  override readonly code = "INVALID_CLIENT" as const;
}

/** An option that is unknown or has an impossible value. */
export class InvalidOptionError extends StorageError {
  override get name(): "InvalidOptionError" {
    return "InvalidOptionError";
  }
  override readonly code = "INVALID_OPTION" as const;
  /** Name of the option. */
  readonly option: string;

  constructor(option: string, message: string) {
    super(message);
    this.option = option;
  }
}

/** An id that no instance can have. */
export class InvalidIdError extends StorageError {
  override get name(): "InvalidIdError" {
    return "InvalidIdError";
  }
  override readonly code = "INVALID_ID" as const;
}

/** A filter that is unknown, `undefined` or of the wrong type. Nothing was read. */
export class InvalidFilterError extends StorageError {
  override get name(): "InvalidFilterError" {
    return "InvalidFilterError";
  }
  override readonly code = "INVALID_FILTER" as const;
  /** Name of the filter. */
  readonly filter: string;

  constructor(filter: string, message: string) {
    super(message);
    this.filter = filter;
  }
}

abstract class PathError extends StorageError {
  /** Where in the instance, such as `context.initial.items[3].price`. */
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/** An instance that can't be stored. Nothing was written. */
export class InvalidInstanceError extends PathError {
  override get name(): "InvalidInstanceError" {
    return "InvalidInstanceError";
  }
  override readonly code = "INVALID_INSTANCE" as const;
}

/** A value that would not come back the same. Nothing was written. */
export class NotSerializableError extends PathError {
  override get name(): "NotSerializableError" {
    return "NotSerializableError";
  }
  override readonly code = "NOT_SERIALIZABLE" as const;
}

/** An error about one instance. */
export abstract class InstanceError extends StorageError {
  /** Name of the class, also in a minified bundle. */
  override get name(): string {
    return "InstanceError";
  }
  /** Id of the instance. */
  readonly id: string;

  constructor(id: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.id = id;
  }
}

/** A state larger than the storage's option `maxStateBytes`. Nothing was written. */
export class StateTooLargeError extends InstanceError {
  override get name(): "StateTooLargeError" {
    return "StateTooLargeError";
  }
  override readonly code = "STATE_TOO_LARGE" as const;
  /** Size of its state as JSON, in bytes of UTF-8. */
  readonly bytes: number;
  /** The option `maxStateBytes`. */
  readonly limit: number;

  constructor(id: string, bytes: number, limit: number) {
    super(id, `the state of instance ${JSON.stringify(id)} has ${bytes} bytes, and maxStateBytes is ${limit}`);
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
  override get name(): "CorruptInstanceError" {
    return "CorruptInstanceError";
  }
  override readonly code = "CORRUPT_INSTANCE" as const;
}

/** A stored number whose digits a JavaScript number can't hold. The message names the place, never the digits. */
export class PrecisionLossError extends RowError {
  override get name(): "PrecisionLossError" {
    return "PrecisionLossError";
  }
  override readonly code = "PRECISION_LOSS" as const;
}

/** The stored instance is no longer the expected one: another writer was faster. Nothing was written. */
export class ConflictError extends InstanceError {
  override get name(): "ConflictError" {
    return "ConflictError";
  }
  override readonly code = "CONFLICT" as const;
}

/** An instance with this id already exists. Nothing was written. */
export class InstanceExistsError extends InstanceError {
  override get name(): "InstanceExistsError" {
    return "InstanceExistsError";
  }
  override readonly code = "INSTANCE_EXISTS" as const;
}

/** No instance with this id is stored. */
export class InstanceNotFoundError extends InstanceError {
  override get name(): "InstanceNotFoundError" {
    return "InstanceNotFoundError";
  }
  override readonly code = "INSTANCE_NOT_FOUND" as const;
}

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

/** No storage has been started under this name. */
export class StorageNotStartedError extends StorageError {
  override get name(): "StorageNotStartedError" {
    return "StorageNotStartedError";
  }
  override readonly code = "STORAGE_NOT_STARTED" as const;
  /** The requested name. */
  readonly storage: string;
  /** The names of the storages that have been started. */
  readonly started: readonly string[];

  constructor(storage: string, started: readonly string[]) {
    const found = started.length === 0 ? "none is" : `started are ${started.map((name) => JSON.stringify(name)).join(", ")}`;
    const named = storage === "default" ? "" : `, name: ${JSON.stringify(storage)}`;
    super(`no storage is started under the name ${JSON.stringify(storage)} (${found}). Call startStorage({ client${named} }) first.`);
    this.storage = storage;
    this.started = started;
  }
}
