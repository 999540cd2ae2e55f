import { checkColumn } from "../instance/check.js";
import { isObject } from "../runtime/native-types.js";
import { kindOf } from "../messages/describe.js";
import type { DefaultModel, PrismaClientLike } from "./client.js";
import { readPlainObject } from "../storage/plain-object.js";
import { InvalidOptionError, StorageNotStartedError } from "../errors.js";
import { checkOptions, type Rules } from "../storage/check-options.js";
import { createPrismaStorage, type PrismaStorage, type PrismaStorageOf } from "./prisma-storage.js";
import type { SchemasOf, WorkflowSchemas } from "../storage/schemas/schemas.js";
import type { AnyWorkflows, WorkflowMap } from "../instance/workflows.js";
import type { InstanceStorage } from "../storage/storage.js";
import type { PrismaStorageOptions } from "./options.js";

/** Arguments of {@link startStorage} for a storage that it creates. */
export interface StartStorageOptions<Model extends string = DefaultModel, Schemas = WorkflowSchemas> extends PrismaStorageOptions<
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

/** Arguments of {@link startStorage} for a storage that was created elsewhere. */
export interface StartedStorage<Started extends InstanceStorage = InstanceStorage> {
  readonly storage: Started;
  /**
   * The name under which {@link getStorage} finds it.
   *
   * @defaultValue `"default"`
   */
  readonly name?: string;
}

const DEFAULT_NAME = "default";

const STARTED_OPTIONS: Rules<Omit<StartedStorage, "name">> = {
  storage: (value, reject) => {
    if (!isObject(value) || typeof value.get !== "function") reject(`expected a storage, found ${kindOf(value)}`);
  },
};

// One registry for every copy of this module: bundlers and hot reloads load it more than once.
const KEY: unique symbol = Symbol.for("hephaestus-prisma.storages");
const shared: typeof globalThis & { [KEY]?: Map<string, InstanceStorage> } = globalThis;
const storages: Map<string, InstanceStorage> = (shared[KEY] ??= new Map());

/**
 * Creates a storage on a Prisma Client, or takes one that was created elsewhere, such as by `createPgStorage`, and
 * registers it under a name, in place of the one that was started under it before. The storage holds no connection:
 * whoever made the client or the pool also ends it.
 *
 * @throws {InvalidClientError} if the client lacks the model, or the model a field.
 * @throws {InvalidOptionError} for a name that is not a non-empty string, and for other options that are unknown or impossible.
 * @example
 * ```ts
 * startStorage({ client: prisma });
 * startStorage<Workflows>({ client: archive, name: "archive" });
 * startStorage({ storage: createPgStorage(pool), name: "loop" });
 * ```
 */
export function startStorage<
  Workflows extends WorkflowMap<Workflows> = AnyWorkflows,
  Model extends string = DefaultModel,
  Schemas extends SchemasOf<Workflows> = SchemasOf<Workflows>,
>(options: StartStorageOptions<Model, Schemas>): PrismaStorageOf<Workflows, Schemas>;
export function startStorage<Started extends InstanceStorage>(options: StartedStorage<Started>): Started;
export function startStorage<Model extends string>(options: StartStorageOptions<Model> | StartedStorage): InstanceStorage {
  // What isn't plain could hide options from the rest.
  readPlainObject(options, (problem) => {
    throw new InvalidOptionError("", `the options are invalid: ${problem}`);
  });
  const { name = DEFAULT_NAME, ...given } = options;
  const storage = "storage" in given ? checkOptions(given, STARTED_OPTIONS).storage : create<Model>(given);
  storages.set(checkName(name), storage);
  return storage;
}

function create<Model extends string>({ client, ...options }: StartStorageOptions<Model>): PrismaStorage {
  return createPrismaStorage<AnyWorkflows, Model>(client, options);
}

/**
 * The storage that was started under a name. The type arguments are a claim about the workflows of that one, and about
 * what it is, if it isn't on a Prisma Client.
 *
 * @throws {StorageNotStartedError} if there is none; it names those that are started.
 * @example
 * ```ts
 * const archive = getStorage<Workflows>("archive");
 * const loop = getStorage<Workflows, PgStorage<Workflows>>("loop");
 * ```
 */
export function getStorage<
  Workflows extends WorkflowMap<Workflows> = AnyWorkflows,
  Started extends InstanceStorage<Workflows> = PrismaStorage<Workflows>,
>(name?: string): Started;
export function getStorage(name: string = DEFAULT_NAME): InstanceStorage {
  const storage = storages.get(checkName(name));
  if (storage === undefined) throw new StorageNotStartedError(name, [...storages.keys()]);
  return storage;
}

/**
 * Forgets the storage of a name; nothing happens if none is started. Whoever holds it can go on using it.
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
