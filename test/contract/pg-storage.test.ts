import { createPgStorage, type PgStorageOptions } from "hephaestus-prisma/pg";
import pg from "pg";
import { preparePostgresDatabase } from "../database.js";
import { pretendCitus } from "../pretend-citus.js";
import { type Binding, contractOn, pgTransact } from "./contract-on.js";
import { IN_TRANSACTIONS, inTransactions } from "./in-transactions.js";
import { fittingSchemas } from "./fitting-schemas.js";
import { copying, WITH_READ } from "./transforms.js";

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
    withTransform: (_, transform) => createPgStorage(pool, { ...options, transform }),
    create({ url }) {
      pool = new pg.Pool({ connectionString: url, ...config });
      return createPgStorage(pool, options);
    },
    transactOn: () => pgTransact(() => pool),
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

pgContractOn(
  "the pg storage with a transform, both coalescings and schemas",
  { transform: copying, coalesceReads: true, coalesceWrites: true, schemas: fittingSchemas },
  {},
  { leftOut: WITH_READ },
);

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
  name: "the pg storage in transactions, with what prune sends to Citus",
  leftOut: IN_TRANSACTIONS,
  prepare: preparePostgresDatabase,
  async create(database) {
    await pretendCitus(database);
    pool = new pg.Pool({ connectionString: database.url });
    const storage = createPgStorage(pool);
    return inTransactions(storage, (call) => pgTransact(() => pool)(storage, call));
  },
  end: () => pool.end(),
});
