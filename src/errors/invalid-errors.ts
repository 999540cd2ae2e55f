import { nameErrors, StorageError } from "./storage-error.js";

/** The client that was given is not a Prisma Client with the model, or cannot do what was asked. */
export class InvalidClientError extends StorageError {
  override readonly code = "INVALID_CLIENT" as const;
}

/** The table is missing, or lacks a column. Nothing was written. `cause` is the driver's error. */
export class InvalidTableError extends StorageError {
  override readonly code = "INVALID_TABLE" as const;

  constructor(options?: ErrorOptions) {
    super(
      "the table of the instances is missing, or lacks a column: the database's own error is the cause. " +
        'Run: npx hephaestus-prisma doctor, which says how to create it and, for the option "table", in which schema it is',
      options,
    );
  }
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
  override readonly code = "INVALID_INSTANCE" as const;
}

/** A value that would not come back the same. Nothing was written. */
export class NotSerializableError extends PathError {
  override readonly code = "NOT_SERIALIZABLE" as const;
}

nameErrors({
  InvalidClientError,
  InvalidFilterError,
  InvalidIdError,
  InvalidInstanceError,
  InvalidOptionError,
  InvalidTableError,
  NotSerializableError,
});
