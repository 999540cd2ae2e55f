import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import { ColumnTypeEnum } from "@prisma/driver-adapter-utils";

const OLDEST_SUPPORTED_SERVER = 130000;

/**
 * A factory for work without a database, such as a diff of two schema files. The native engine connects only if it must;
 * as WebAssembly it begins with a query of the server's version, the only one that gets a result here.
 */
export const offlineFactory: SqlMigrationAwareDriverAdapterFactory = {
  provider: "postgres",
  adapterName: "offline",
  connect: () => Promise.resolve({ ...offlineAdapter }),
  connectToShadowDb: () => rejectOffline(),
};

const offlineAdapter: SqlDriverAdapter = {
  provider: "postgres",
  adapterName: "offline",
  queryRaw: ({ sql }) =>
    sql.includes("server_version_num")
      ? Promise.resolve({
          columnNames: ["exists", "version", "numeric_version"],
          columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
          rows: [[true, "PostgreSQL", OLDEST_SUPPORTED_SERVER]],
        })
      : rejectOffline(),
  executeRaw: () => rejectOffline(),
  executeScript: () => rejectOffline(),
  startTransaction: () => rejectOffline(),
  dispose: () => Promise.resolve(),
};

function rejectOffline(): Promise<never> {
  return Promise.reject(new Error("This needs a database: set datasource.url in prisma.config.ts"));
}
