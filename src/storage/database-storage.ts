import { type Rules, STATE_OPTIONS } from "./check-options.js";
import { GROUP_READ_OPTIONS, type GroupReadOptions, groupedReads } from "./grouped-reads.js";
import { GROUP_COMMIT_OPTIONS, type GroupCommitOptions, groupedWrites } from "./grouped-writes.js";
import { layeredStorage } from "./layered-storage.js";
import { createObserver, OBSERVER_OPTIONS, type ObserverOptions } from "./observability/observer.js";
import { observedStorage } from "./observed-storage.js";
import type { StateOptions } from "./options.js";
import { publicStorage } from "./public-storage.js";
import { RETRY_OPTION, type Retrying, retryingRows, type RetryOption } from "./retrying-rows.js";
import type { RowStore } from "./row-store.js";
import { SCHEMA_OPTIONS, type SchemaOptions, type WorkflowSchemas } from "./schemas/schemas.js";
import type { InstanceStorage } from "./storage.js";
import { TIMEOUT_OPTION, type TimeoutOption } from "./timeout.js";
import { TRANSFORM_OPTION, type TransformOption } from "./transform.js";

/** Options of every storage in a database. */
export interface DatabaseOptions<Schemas = WorkflowSchemas>
  extends
    StateOptions,
    GroupReadOptions,
    GroupCommitOptions,
    RetryOption,
    TimeoutOption,
    TransformOption,
    SchemaOptions<Schemas>,
    ObserverOptions {}

export const DATABASE_OPTIONS: Rules<DatabaseOptions> = {
  ...STATE_OPTIONS,
  ...GROUP_READ_OPTIONS,
  ...GROUP_COMMIT_OPTIONS,
  ...RETRY_OPTION,
  ...TIMEOUT_OPTION,
  ...TRANSFORM_OPTION,
  ...SCHEMA_OPTIONS,
  ...OBSERVER_OPTIONS,
};

/** What errors of a database say. */
export type Faults = Pick<Retrying, "faultOf" | "explain">;

/** A storage on rows in a database: they are retried, grouped, transformed, checked and observed as the options say. */
export function createDatabaseStorage(rows: RowStore, options: DatabaseOptions, faults: Faults): InstanceStorage {
  const { coalesceReads = false, coalesceWrites = false, retry = {}, timeoutMs } = options;
  const retrying = retryingRows(rows, { ...faults, retry, timeoutMs });
  const writing = coalesceWrites ? groupedWrites(retrying, { ...faults, timeoutMs }) : retrying;
  const store = coalesceReads ? groupedReads(writing, { ...faults, timeoutMs }) : writing;
  const storage = layeredStorage(store, options);
  const isObserved = options.onOperation !== undefined || options.tracer !== undefined;
  return publicStorage(isObserved ? observedStorage(storage, createObserver(options)) : storage);
}
