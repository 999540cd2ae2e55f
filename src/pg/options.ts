import { SQL_STORAGE_OPTIONS, type SqlStorageOptions } from "../sql/sql-storage.js";
import { flag, type Rules } from "../storage/check-options.js";
import type { WorkflowSchemas } from "../storage/schemas/schemas.js";

/** Options of `createPgStorage`. */
export interface PgStorageOptions<Schemas = WorkflowSchemas> extends SqlStorageOptions<Schemas> {
  /**
   * Whether statements that look rows up by their ids, and those that write, are prepared once a connection, under a
   * name. `false` for PgBouncer before 1.21 in transaction mode, which knows no prepared statements, and for applications
   * that reset connections by `DISCARD ALL` or `DEALLOCATE ALL`.
   *
   * @defaultValue `true`
   */
  readonly namedStatements?: boolean;
}

export const PG_STORAGE_OPTIONS: Rules<PgStorageOptions> = { namedStatements: flag, ...SQL_STORAGE_OPTIONS };
