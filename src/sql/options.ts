import { type Rules, STATE_OPTIONS } from "../storage/check-options.js";
import { GROUP_COMMIT_OPTIONS, type GroupCommitOptions } from "../storage/group-commit.js";
import { OBSERVER_OPTIONS, type ObserverOptions } from "../storage/observability/observer.js";
import type { StateOptions } from "../storage/options.js";
import { SCHEMA_OPTIONS, type SchemaOptions, type WorkflowSchemas } from "../storage/schemas/schemas.js";
import { RETRY_OPTION, type RetryOption } from "../storage/retry.js";
import { TABLE_OPTION, type TableOption } from "./table-name.js";
import { TIMEOUT_OPTION, type TimeoutOption } from "../storage/timeout.js";

/** The options of every storage in PostgreSQL. */
export interface PostgresOptions<Schemas>
  extends StateOptions, GroupCommitOptions, RetryOption, TimeoutOption, TableOption, SchemaOptions<Schemas>, ObserverOptions {}

export const POSTGRES_OPTIONS: Rules<PostgresOptions<WorkflowSchemas>> = {
  ...TABLE_OPTION,
  ...STATE_OPTIONS,
  ...GROUP_COMMIT_OPTIONS,
  ...RETRY_OPTION,
  ...TIMEOUT_OPTION,
  ...SCHEMA_OPTIONS,
  ...OBSERVER_OPTIONS,
};
