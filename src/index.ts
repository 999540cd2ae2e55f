export type { CountColumn, Direction, OrderColumn, PrismaClientLike, PrismaTransactionLike } from "./client.js";
export {
  ConflictError,
  CorruptInstanceError,
  InstanceExistsError,
  InstanceNotFoundError,
  InvalidClientError,
  InvalidFilterError,
  InvalidIdError,
  InvalidInstanceError,
  InvalidOptionError,
  NotSerializableError,
  OutcomeUnknownError,
  PrecisionLossError,
  StateTooLargeError,
  StorageError,
  type StorageErrorCode,
  StorageNotStartedError,
} from "./errors.js";
export type { FilterOf, QueryFilters } from "./filter.js";
export {
  type Context,
  createInstance,
  type ExecutionEntry,
  type Instance,
  type JsonLikeObject,
  type NewInstance,
  type NewInstanceOf,
  STATUSES,
  type Status,
} from "./instance.js";
export type { ObserverOptions } from "./observer.js";
export type { Operation } from "./operation.js";
export { getStorage, type StartStorageOptions, startStorage, stopStorage } from "./registry.js";
export type {
  ListOptions,
  PruneOptions,
  PutOptions,
  QueryOptions,
  ReadOptions,
  RetryOptions,
  StorageOptions,
  StreamOptions,
  UpdateOptions,
} from "./options.js";
export { createPrismaStorage, type PrismaStorage } from "./prisma-storage.js";
export type { OnCorrupt, UnreadableError } from "./reader.js";
export { SchemaMismatchError } from "./schema-mismatch-error.js";
export type { SchemaOptions, SchemasOf, StorageOf, WorkflowSchema, WorkflowSchemas, WorkflowsOf } from "./schemas.js";
export type { StandardIssue, StandardResult, StandardSchema } from "./standard-schema.js";
export type { Storage, SummaryPage } from "./storage.js";
export type { InstanceSummary } from "./summary.js";
export type { Change } from "./update.js";
export type {
  AnyWorkflows,
  InitialOf,
  InstanceOf,
  NameOf,
  StepsOf,
  TypedContext,
  TypedInstance,
  WorkflowMap,
  WorkflowTypes,
} from "./workflows.js";
