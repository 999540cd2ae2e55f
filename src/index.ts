export type { PrismaClientLike } from "./client.js";
export {
  CorruptInstanceError,
  InvalidClientError,
  InvalidFilterError,
  InvalidIdError,
  InvalidInstanceError,
  InvalidOptionError,
  NotSerializableError,
  PrecisionLossError,
  StateTooLargeError,
  StorageError,
  type StorageErrorCode,
  StorageNotStartedError,
} from "./errors.js";
export type { QueryFilters } from "./filter.js";
export {
  type Context,
  createInstance,
  type ExecutionEntry,
  type Instance,
  type JsonLikeObject,
  type NewInstance,
  STATUSES,
  type Status,
} from "./instance.js";
export { getStorage, type StartStorageOptions, startStorage, stopStorage } from "./registry.js";
export type { QueryOptions, StorageOptions } from "./options.js";
export type { OnCorrupt, UnreadableError } from "./reader.js";
export { createPrismaStorage, type PrismaStorage, type Storage } from "./storage.js";
