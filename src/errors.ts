export { entryPoint } from "./errors/caller-stack.js";
export { NotStoredError, OutcomeUnknownError, ReadOnlyError, TimeoutError } from "./errors/fault-errors.js";
export {
  ConflictError,
  CorruptInstanceError,
  InstanceExistsError,
  InstanceNotFoundError,
  PrecisionLossError,
  StateTooLargeError,
  TransformError,
} from "./errors/instance-errors.js";
export {
  InvalidClientError,
  InvalidFilterError,
  InvalidIdError,
  InvalidInstanceError,
  InvalidOptionError,
  InvalidTableError,
  NotSerializableError,
} from "./errors/invalid-errors.js";
export { StorageNotStartedError } from "./errors/storage-not-started-error.js";
export { InstanceError, nameErrors, StorageError, type StorageErrorCode } from "./errors/storage-error.js";
