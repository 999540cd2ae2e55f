import { createSqlStorage } from "hephaestus-prisma";
import postgres from "postgres";
import { postgresJsClient } from "../../../examples/drivers/postgres-js.js";
import { preparePostgresDatabase } from "../../database.js";
import { contractOn } from "../../contract/contract-on.js";
import { fittingSchemas } from "../../contract/fitting-schemas.js";
import { IN_TRANSACTIONS, inTransactions } from "../../contract/in-transactions.js";

let sql: postgres.Sql;
const end = (): Promise<void> => sql.end();

contractOn({
  name: "SQL through postgres.js",
  prepare: preparePostgresDatabase,
  create({ url }) {
    sql = postgres(url);
    return createSqlStorage(postgresJsClient(sql));
  },
  end,
});

contractOn({
  name: 'SQL through postgres.js with bigIntegers: "bigint", both coalescings, schemas and a table in another schema',
  prepare: preparePostgresDatabase,
  table: {
    name: `"Other ""one"."Runs"`,
    sql: `CREATE SCHEMA "Other ""one"; CREATE TABLE "Other ""one"."Runs" (LIKE workflow_instances INCLUDING ALL)`,
  },
  create({ url }) {
    sql = postgres(url);
    const table = `"Other ""one".Runs`;
    const coalesced = { coalesceReads: true, coalesceWrites: true };
    return createSqlStorage(postgresJsClient(sql), { table, bigIntegers: "bigint", schemas: fittingSchemas, ...coalesced });
  },
  end,
});

contractOn({
  name: "SQL through postgres.js in transactions",
  leftOut: IN_TRANSACTIONS,
  prepare: preparePostgresDatabase,
  create({ url }) {
    sql = postgres(url);
    const storage = createSqlStorage(postgresJsClient(sql));
    return inTransactions(storage, async (call) => {
      const { result } = await sql.begin(async (tx) => ({ result: await call(storage.withTransaction(postgresJsClient(tx))) }));
      return result;
    });
  },
  end,
});
