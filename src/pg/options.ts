import { POSTGRES_OPTIONS, type PostgresOptions } from "../sql/options.js";
import { flag, type Rules } from "../storage/check-options.js";
import type { WorkflowSchemas } from "../storage/schemas/schemas.js";

/** How a storage on a `pg` pool behaves. */
export interface PgStorageOptions<Schemas = WorkflowSchemas> extends PostgresOptions<Schemas> {
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
  ...POSTGRES_OPTIONS,
};
