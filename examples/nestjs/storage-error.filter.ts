import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from "@nestjs/common";
import { BaseExceptionFilter } from "@nestjs/core";
import { StorageError, type StorageErrorCode } from "hephaestus-prisma";

/** The HTTP status of each storage error that the caller can do something about. */
const STATUSES: Partial<Record<StorageErrorCode, number>> = {
  INVALID_ID: 400,
  INVALID_INSTANCE: 400,
  NOT_SERIALIZABLE: 400,
  INSTANCE_NOT_FOUND: 404,
  INSTANCE_EXISTS: 409,
  STATE_TOO_LARGE: 413,
};

/** Turns the storage's errors into responses. Any other error stays a 500. */
@Catch(StorageError)
export class StorageErrorFilter extends BaseExceptionFilter implements ExceptionFilter<StorageError> {
  override catch(error: StorageError, host: ArgumentsHost): void {
    const status = STATUSES[error.code];
    super.catch(status === undefined ? error : new HttpException({ error: error.message }, status), host);
  }
}
