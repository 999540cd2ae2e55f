import { createDatabaseStorage, type DatabaseOptions } from "../storage/database-storage.js";
import type { InstanceStorage } from "../storage/storage.js";
import { explain, faultOf } from "./faults.js";
import type { SqlClient } from "./sql-client.js";
import { createSqlRows } from "./sql-rows.js";

/** A storage on a table, whose name is quoted, through whatever sends SQL. */
export function createTableStorage(client: SqlClient, table: string, options: DatabaseOptions): InstanceStorage {
  return createDatabaseStorage(createSqlRows(client, table), options, { faultOf, explain });
}
