import type { StateOptions } from "../storage/options.js";
import { checkedStorage } from "../storage/checked-storage.js";
import { createCodec } from "../values/codec.js";
import { copyOf } from "../state/mapping.js";
import { createInstanceStorage } from "../storage/instance-storage.js";
import { checkOptions, STATE_OPTIONS } from "../storage/check-options.js";
import {
  SCHEMA_OPTIONS,
  type SchemaOptions,
  type SchemasOf,
  type TypedWorkflows,
  type WorkflowSchemas,
} from "../storage/schemas/schemas.js";
import type { Storage } from "../storage/storage.js";
import type { AnyWorkflows, WorkflowMap } from "../instance/workflows.js";
import { createMemoryRows } from "./memory-rows.js";

/** How a storage in memory behaves: as `createPrismaStorage` does with these options. */
export interface MemoryStorageOptions<Schemas = WorkflowSchemas> extends StateOptions, SchemaOptions<Schemas> {}

/** A {@link Storage} in memory. */
export type MemoryStorageOf<Workflows extends WorkflowMap<Workflows>, Schemas> = Storage<TypedWorkflows<Workflows, Schemas>>;

const MEMORY_OPTIONS = { ...STATE_OPTIONS, ...SCHEMA_OPTIONS };

/**
 * A storage without a database, for unit tests: empty at first, gone with the object. It is the same storage on other
 * rows, so values are rejected, kept and compared as PostgreSQL would. Ids are in the order of their code points, as
 * under the collation "C". Its workflows are typed as those of `createPrismaStorage` are.
 *
 * @throws {InvalidOptionError} for an option that is unknown or impossible.
 * @example
 * ```ts
 * const storage = createMemoryStorage();
 * await storage.put(createInstance({ id: "order::4711", workflow: "Order.V1" }));
 * ```
 */
export function createMemoryStorage<
  Workflows extends WorkflowMap<Workflows> = AnyWorkflows,
  Schemas extends SchemasOf<Workflows> = SchemasOf<Workflows>,
>(options?: MemoryStorageOptions<Schemas>): MemoryStorageOf<Workflows, Schemas>;
export function createMemoryStorage(options: MemoryStorageOptions = {}): Storage {
  const { bigIntegers = "error", maxStateBytes = Infinity, schemas } = checkOptions(options, MEMORY_OPTIONS);
  const codec = createCodec(bigIntegers === "bigint");
  const storage = createInstanceStorage(createMemoryRows(), {
    codec,
    maxStateBytes,
    coalesceWrites: false,
  });
  return schemas === undefined ? storage : checkedStorage(storage, schemas, (instance) => copyOf(instance, codec));
}
