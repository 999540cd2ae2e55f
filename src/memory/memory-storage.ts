import type { StateOptions } from "../storage/options.js";
import { layeredStorage } from "../storage/layered-storage.js";
import { publicStorage } from "../storage/public-storage.js";
import { checkOptions, STATE_OPTIONS } from "../storage/check-options.js";
import {
  SCHEMA_OPTIONS,
  type SchemaOptions,
  type SchemasOf,
  type TypedWorkflows,
  type WorkflowSchemas,
} from "../storage/schemas/schemas.js";
import type { InstanceStorage } from "../storage/storage.js";
import { TRANSFORM_OPTION, type TransformOption } from "../storage/transform.js";
import type { AnyWorkflows, WorkflowMap } from "../instance/workflows.js";
import { createMemoryRows } from "./memory-rows.js";

/** Options of `createMemoryStorage`, as `createPrismaStorage` has them. */
export interface MemoryStorageOptions<Schemas = WorkflowSchemas> extends StateOptions, TransformOption, SchemaOptions<Schemas> {}

/** An {@link InstanceStorage} in memory. */
export type MemoryStorageOf<Workflows extends WorkflowMap<Workflows>, Schemas> = InstanceStorage<TypedWorkflows<Workflows, Schemas>>;

const MEMORY_OPTIONS = { ...STATE_OPTIONS, ...TRANSFORM_OPTION, ...SCHEMA_OPTIONS };

/**
 * Creates a storage without a database, for unit tests: empty at first, gone with the object. It is the same storage on other
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
export function createMemoryStorage(options: MemoryStorageOptions = {}): InstanceStorage {
  return publicStorage(layeredStorage(createMemoryRows(), checkOptions(options, MEMORY_OPTIONS)));
}
