import { quote } from "../messages/quote.js";
import { nameErrors, StorageError } from "./storage-error.js";

/** No storage has been started under this name. */
export class StorageNotStartedError extends StorageError {
  override readonly code = "STORAGE_NOT_STARTED" as const;
  /** The requested name. */
  readonly storage: string;
  /** The names of the storages that have been started. */
  readonly started: readonly string[];

  constructor(storage: string, started: readonly string[]) {
    const found = started.length === 0 ? "none is" : `started are ${started.map(quote).join(", ")}`;
    const named = storage === "default" ? "" : `, name: ${quote(storage)}`;
    super(`no storage is started under the name ${quote(storage)} (${found}). Call startStorage({ client${named} }) first.`);
    this.storage = storage;
    this.started = started;
  }
}

nameErrors({ StorageNotStartedError });
