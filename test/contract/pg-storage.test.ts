import { createPgStorage, type PgStorageOptions } from "hephaestus-prisma/pg";
import pg from "pg";
import { preparePostgresDatabase } from "../database.js";
import { type Binding, contractOn } from "./contract-on.js";
import { IN_TRANSACTIONS, inTransactions } from "./in-transactions.js";
import { fittingSchemas } from "./fitting-schemas.js";

function pgContractOn(
  name: string,
  options: PgStorageOptions,
  config: pg.PoolConfig = {},
  rest: Partial<Binding<ReturnType<typeof preparePostgresDatabase>>> = {},
): void {
  let pool: pg.Pool;
  contractOn({
    name,
    prepare: preparePostgresDatabase,
    create({ url }) {
      pool = new pg.Pool({ connectionString: url, ...config });
      return createPgStorage(pool, options);
    },
    end: () => pool.end(),
    ...rest,
  });
}

pgContractOn("the pg storage", {});

pgContractOn('the pg storage with bigIntegers: "bigint", both coalescings, schemas and no names', {
  bigIntegers: "bigint",
  coalesceReads: true,
  coalesceWrites: true,
  schemas: fittingSchemas,
  namedStatements: false,
});

// The types of pg don't have the option.
pgContractOn("the pg storage on a pool of binary results", {}, { binary: true } as pg.PoolConfig);

pgContractOn("the pg storage on a partitioned table in another schema", { table: `"Other ""one".Runs` }, undefined, {
  table: {
    name: `"Other ""one"."Runs"`,
    sql: `
      CREATE SCHEMA "Other ""one";
      CREATE TABLE "Other ""one"."Runs" (LIKE workflow_instances INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (id)) PARTITION BY HASH (id);
      CREATE TABLE "Other ""one"."Runs_0" PARTITION OF "Other ""one"."Runs" FOR VALUES WITH (MODULUS 2, REMAINDER 0);
      CREATE TABLE "Other ""one"."Runs_1" PARTITION OF "Other ""one"."Runs" FOR VALUES WITH (MODULUS 2, REMAINDER 1)`,
  },
});

let pool: pg.Pool;
contractOn({
  name: "the pg storage in transactions",
  leftOut: IN_TRANSACTIONS,
  prepare: preparePostgresDatabase,
  create({ url }) {
    pool = new pg.Pool({ connectionString: url });
    const storage = createPgStorage(pool);
    return inTransactions(storage, async (call) => {
      const client = await pool.connect();
      try {
        await client.query("BEGIN");
        const result = await call(storage.withTransaction(client));
        await client.query("COMMIT");
        return result;
      } catch (error) {
        await client.query("ROLLBACK");
        throw error;
      } finally {
        client.release();
      }
    });
  },
  end: () => pool.end(),
});
