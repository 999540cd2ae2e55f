/** The `code` of every error that this package raises itself. */
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
  | "STORAGE_NOT_STARTED";

/**
 * Base of all errors of this package. What Prisma or the database raises is not wrapped: it arrives as it came.
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
  /** Says which error it is, also where two copies of the package are loaded and `instanceof` fails. */
  abstract readonly code: StorageErrorCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** What was given is not a Prisma Client that has the model `WorkflowInstance`. */
export class InvalidClientError extends StorageError {
  override readonly code = "INVALID_CLIENT" as const;
}

/** An option that is unknown or has an impossible value. */
export class InvalidOptionError extends StorageError {
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
  override readonly code = "INVALID_ID" as const;
}

/** An instance that can't be stored. Nothing was written. */
export class InvalidInstanceError extends StorageError {
  override readonly code = "INVALID_INSTANCE" as const;
  /** Where in the instance, such as `executionHistory[2].timestamp`. */
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/** A filter that is unknown, `undefined` or of the wrong type. Nothing was read. */
export class InvalidFilterError extends StorageError {
  override readonly code = "INVALID_FILTER" as const;
  /** Name of the filter. */
  readonly filter: string;

  constructor(filter: string, message: string) {
    super(message);
    this.filter = filter;
  }
}

/** A value that would not come back as it went in. Nothing was written. */
export class NotSerializableError extends StorageError {
  override readonly code = "NOT_SERIALIZABLE" as const;
  /** Where in the instance, such as `context.initial.items[3].price`. */
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/** A state larger than the storage's option `maxStateBytes`. Nothing was written. */
export class StateTooLargeError extends StorageError {
  override readonly code = "STATE_TOO_LARGE" as const;
  /** Id of the instance. */
  readonly id: string;
  /** Size of its state as JSON, in bytes of UTF-8. */
  readonly bytes: number;
  /** The option `maxStateBytes`. */
  readonly limit: number;

  constructor(id: string, bytes: number, limit: number) {
    super(`the state of instance ${JSON.stringify(id)} has ${bytes} bytes, and maxStateBytes is ${limit}`);
    this.id = id;
    this.bytes = bytes;
    this.limit = limit;
  }
}

/** A stored row that is not an instance. The message names the place, never the state: it may hold secrets. */
export class CorruptInstanceError extends StorageError {
  override readonly code = "CORRUPT_INSTANCE" as const;
  /** Id of the row. */
  readonly id: string;
  /** Where in the row, such as `state.execution_history[2].timestamp`. */
  readonly path: string;

  constructor(id: string, path: string, message: string) {
    super(message);
    this.id = id;
    this.path = path;
  }
}

/** A stored number whose digits a JavaScript number can't hold. The message names the place, never the digits. */
export class PrecisionLossError extends StorageError {
  override readonly code = "PRECISION_LOSS" as const;
  /** Id of the row. */
  readonly id: string;
  /** Where in the row, such as `state.runtime_metadata.account`. */
  readonly path: string;

  constructor(id: string, path: string, problem: string) {
    super(`row ${JSON.stringify(id)} would lose digits at ${path}: ${problem}`);
    this.id = id;
    this.path = path;
  }
}

/** No storage was started under this name. */
export class StorageNotStartedError extends StorageError {
  override readonly code = "STORAGE_NOT_STARTED" as const;
  /** The name that was asked for. */
  readonly storage: string;
  /** The names that are started. */
  readonly started: readonly string[];

  constructor(storage: string, started: readonly string[]) {
    const found = started.length === 0 ? "none is" : `started are ${started.map((name) => JSON.stringify(name)).join(", ")}`;
    const named = storage === "default" ? "" : `, name: ${JSON.stringify(storage)}`;
    super(`no storage is started under the name ${JSON.stringify(storage)} (${found}). Call startStorage({ client${named} }) first.`);
    this.storage = storage;
    this.started = started;
  }
}
