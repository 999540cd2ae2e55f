import { beginAtCaller } from "./caller-stack.js";

/** The `code` of every error that this package throws itself. */
export type StorageErrorCode =
  | "INVALID_CLIENT"
  | "INVALID_TABLE"
  | "INVALID_OPTION"
  | "INVALID_ID"
  | "INVALID_INSTANCE"
  | "INVALID_FILTER"
  | "NOT_SERIALIZABLE"
  | "STATE_TOO_LARGE"
  | "CORRUPT_INSTANCE"
  | "PRECISION_LOSS"
  | "SCHEMA_MISMATCH"
  | "TRANSFORM_FAILED"
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

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    beginAtCaller(this);
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

/** Gives classes their names, which a minified bundle takes away. */
export function nameErrors(types: Readonly<Record<string, { readonly prototype: StorageError }>>): void {
  for (const [name, { prototype }] of Object.entries(types)) prototype.name = name;
}

/** An error about one instance. */
export abstract class InstanceError extends StorageError {
  /** Id of the instance. */
  readonly id: string;

  constructor(id: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.id = id;
  }
}

nameErrors({ InstanceError, StorageError });
