import { checkColumn } from "../instance/check.js";
import type { DefaultModel, PrismaClientLike } from "./client.js";
import { InvalidOptionError, StorageNotStartedError } from "../errors.js";
import { createPrismaStorage, type PrismaStorage, type StorageOf } from "./prisma-storage.js";
import type { SchemasOf, WorkflowSchemas } from "../storage/schemas/schemas.js";
import type { AnyWorkflows, WorkflowMap } from "../instance/workflows.js";
import type { StorageOptions } from "./options.js";

/** What {@link startStorage} takes. */
export interface StartStorageOptions<Model extends string = DefaultModel, Schemas = WorkflowSchemas> extends StorageOptions<
  Model,
  Schemas
> {
  readonly client: PrismaClientLike<NoInfer<Model>>;
  /**
   * The name under which {@link getStorage} finds it.
   *
   * @defaultValue `"default"`
   */
  readonly name?: string;
}

const DEFAULT_NAME = "default";

// One registry for every copy of this module: bundlers and hot reloads load it more than once.
const KEY: unique symbol = Symbol.for("hephaestus-prisma.storages");
const shared: typeof globalThis & { [KEY]?: Map<string, PrismaStorage> } = globalThis;
const storages: Map<string, PrismaStorage> = (shared[KEY] ??= new Map());

/**
 * Creates a storage and registers it under a name, in place of the one that was started under it before.
 * The storage holds no connection: whoever made the client also ends it.
 *
 * @throws {InvalidClientError} if the client lacks the model, or the model a field.
 * @throws {InvalidOptionError} for a name that is not a non-empty string, and for other options that are unknown or impossible.
 * @example
 * ```ts
 * startStorage({ client: prisma });
 * startStorage<Workflows>({ client: archive, name: "archive" });
 * ```
 */
export function startStorage<
  Workflows extends WorkflowMap<Workflows> = AnyWorkflows,
  Model extends string = DefaultModel,
  Schemas extends SchemasOf<Workflows> = SchemasOf<Workflows>,
>(options: StartStorageOptions<Model, Schemas>): StorageOf<Workflows, Schemas>;
export function startStorage<Model extends string>({ client, name = DEFAULT_NAME, ...options }: StartStorageOptions<Model>): PrismaStorage {
  const storage = createPrismaStorage<AnyWorkflows, Model>(client, options);
  storages.set(checkName(name), storage);
  return storage;
}

/**
 * Returns the storage that was started under a name. The type argument is a claim about the workflows of that one.
 *
 * @throws {StorageNotStartedError} if none is. It names those that are.
 * @example
 * ```ts
 * const archive = getStorage<Workflows>("archive");
 * ```
 */
export function getStorage<Workflows extends WorkflowMap<Workflows> = AnyWorkflows>(name?: string): PrismaStorage<Workflows>;
export function getStorage(name: string = DEFAULT_NAME): PrismaStorage {
  const storage = storages.get(checkName(name));
  if (storage === undefined) throw new StorageNotStartedError(name, [...storages.keys()]);
  return storage;
}

/**
 * Forgets the storage of a name, if one is started. Whoever holds it can go on using it.
 *
 * @example
 * ```ts
 * stopStorage("archive");
 * ```
 */
export function stopStorage(name: string = DEFAULT_NAME): void {
  storages.delete(checkName(name));
}

function checkName(name: unknown): string {
  return checkColumn(name, (problem) => {
    throw new InvalidOptionError("name", `the storage name is invalid: ${problem}`);
  });
}
