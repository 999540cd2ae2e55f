import { copyOf } from "../state/mapping.js";
import { checkedStorage } from "./checked-storage.js";
import { type Rules, STATE_OPTIONS } from "./check-options.js";
import { GROUP_COMMIT_OPTIONS, type GroupCommitOptions, groupedWrites } from "./grouped-writes.js";
import { createInstanceStorage } from "./instance-storage.js";
import { createObserver, OBSERVER_OPTIONS, type ObserverOptions } from "./observability/observer.js";
import { observedStorage } from "./observed-storage.js";
import type { StateOptions } from "./options.js";
import { RETRY_OPTION, type Retrying, retryingRows, type RetryOption } from "./retrying-rows.js";
import type { RowStore } from "./row-store.js";
import { SCHEMA_OPTIONS, type SchemaOptions, type WorkflowSchemas } from "./schemas/schemas.js";
import type { InstanceStorage } from "./storage.js";
import { TIMEOUT_OPTION, type TimeoutOption } from "./timeout.js";

/** Options of every storage in a database. */
export interface DatabaseOptions<Schemas = WorkflowSchemas>
  extends StateOptions, GroupCommitOptions, RetryOption, TimeoutOption, SchemaOptions<Schemas>, ObserverOptions {}

export const DATABASE_OPTIONS: Rules<DatabaseOptions> = {
  ...STATE_OPTIONS,
  ...GROUP_COMMIT_OPTIONS,
  ...RETRY_OPTION,
  ...TIMEOUT_OPTION,
  ...SCHEMA_OPTIONS,
  ...OBSERVER_OPTIONS,
};

/** What errors of a database say. */
export type Faults = Pick<Retrying, "faultOf" | "explain">;

/** A storage on rows in a database: they are retried, grouped, checked and observed as the options say. */
export function createDatabaseStorage(rows: RowStore, options: DatabaseOptions, faults: Faults): InstanceStorage {
  const { bigIntegers = "error", maxStateBytes = Infinity, coalesceWrites = false, retry = {}, timeoutMs, schemas, ...observers } = options;
  const retrying = retryingRows(rows, { ...faults, retry, timeoutMs });
  const store = coalesceWrites ? groupedWrites(retrying, { ...faults, timeoutMs }) : retrying;
  const storage = createInstanceStorage(store, { bigIntegers, maxStateBytes });
  const checked = schemas === undefined ? storage : checkedStorage(storage, schemas, (instance) => copyOf(instance, bigIntegers));
  return observedStorage(checked, createObserver(observers));
}
