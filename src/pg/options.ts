import { RETRY_OPTION, type RetryOption } from "../postgres/retry.js";
import { TIMEOUT_OPTION, type TimeoutOption } from "../postgres/timeout.js";
import { TABLE_OPTION, type TableOption } from "../postgres/table-name.js";
import { flag, type Rules, STATE_OPTIONS } from "../storage/check-options.js";
import { GROUP_COMMIT_OPTIONS, type GroupCommitOptions } from "../storage/group-commit.js";
import { OBSERVER_OPTIONS, type ObserverOptions } from "../storage/observability/observer.js";
import type { StateOptions } from "../storage/options.js";
import { SCHEMA_OPTIONS, type SchemaOptions, type WorkflowSchemas } from "../storage/schemas/schemas.js";

/** How a storage on a `pg` pool behaves. */
export interface PgStorageOptions<Schemas = WorkflowSchemas>
  extends StateOptions, GroupCommitOptions, RetryOption, TimeoutOption, SchemaOptions<Schemas>, ObserverOptions, TableOption {
  /**
   * Whether statements that look rows up by their ids, and those that write, are prepared once a connection, under a
   * name. `false` for PgBouncer before 1.21 in transaction mode, which knows no prepared statements.
   *
   * @defaultValue `true`
   */
  readonly namedStatements?: boolean;
}

export const PG_STORAGE_OPTIONS: Rules<PgStorageOptions> = {
  namedStatements: flag,
  ...TABLE_OPTION,
  ...STATE_OPTIONS,
  ...GROUP_COMMIT_OPTIONS,
  ...RETRY_OPTION,
  ...TIMEOUT_OPTION,
  ...SCHEMA_OPTIONS,
  ...OBSERVER_OPTIONS,
};
