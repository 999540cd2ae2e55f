/**
 * Storages through a Prisma Client, instances, and the errors of every storage.
 *
 * @module hephaestus-prisma
 */
export type { PrismaClientLike, PrismaTransactionLike } from "./prisma/client.js";
export {
  ConflictError,
  CorruptInstanceError,
  InstanceError,
  InstanceExistsError,
  InstanceNotFoundError,
  InvalidClientError,
  InvalidFilterError,
  InvalidIdError,
  InvalidInstanceError,
  InvalidOptionError,
  InvalidTableError,
  NotSerializableError,
  NotStoredError,
  OutcomeUnknownError,
  PrecisionLossError,
  ReadOnlyError,
  StateTooLargeError,
  StorageError,
  type StorageErrorCode,
  StorageNotStartedError,
  TimeoutError,
  TransformError,
} from "./errors.js";
export {
  createInstance,
  type ExecutionEntry,
  type Instance,
  type InstanceContext,
  type JsonLikeObject,
  type NewInstance,
  type NewInstanceOf,
  STATUSES,
  type Status,
} from "./instance/instance.js";
export { completeStep, failStep, startStep, type StepFailure, type StepOf, type StepResult, type UpdatesOf } from "./instance/steps.js";
export type { ObserverOptions } from "./storage/observability/observer.js";
export type { StorageOperation } from "./storage/observability/operation.js";
export type { SpanLike, SpanOptionsLike, TracerLike } from "./storage/observability/tracing.js";
export { getStorage, type StartedStorage, type StartStorageOptions, startStorage, stopStorage } from "./prisma/registry.js";
export type {
  CallOptions,
  GetOptions,
  InstanceChange,
  ListOptions,
  LockMode,
  OnUnreadable,
  PruneOptions,
  PutOptions,
  QueryOptions,
  ReadOptions,
  StreamOptions,
  SummaryPage,
  UnreadableError,
  UpdateOptions,
} from "./storage/options.js";
export { createPrismaStorage, type PrismaStorage, type PrismaStorageOf } from "./prisma/prisma-storage.js";
export { SchemaMismatchError } from "./storage/schemas/schema-mismatch-error.js";
export type { SchemaOptions, SchemasOf, WorkflowSchema, WorkflowSchemas, WorkflowsOf } from "./storage/schemas/schemas.js";
export type { StandardIssue, StandardResult, StandardSchema } from "./storage/schemas/standard-schema.js";
export type { InstanceStorage } from "./storage/storage.js";
export type { InstanceSummary } from "./instance/summary.js";
export type {
  AnyWorkflows,
  InitialOf,
  InstanceOf,
  NameOf,
  StepNameOf,
  StepsOf,
  TypedContext,
  TypedInstance,
  WorkflowMap,
  WorkflowTypes,
} from "./instance/workflows.js";
export type { FilterOf, QueryFilters } from "./storage/filters.js";
export type { RetryOptions } from "./storage/retrying-rows.js";
export type { Transform, TransformOption } from "./storage/transform.js";
export type { PrismaStorageOptions } from "./prisma/options.js";
export { createSqlStorage, type SqlStorage, type SqlStorageOf, type SqlStorageOptions } from "./sql/sql-storage.js";
export type { SqlClient, SqlRow, SqlStatement, SqlValue } from "./sql/sql-client.js";
export { NotExecutedError } from "./storage/not-executed.js";
