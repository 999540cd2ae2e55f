import { StorageError } from "./storage-error.js";

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
