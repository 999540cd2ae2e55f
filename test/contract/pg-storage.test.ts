import { createPgStorage, type PgStorageOptions } from "hephaestus-prisma/pg";
import { describeStorage } from "hephaestus-prisma/testing";
import pg from "pg";
import { afterAll, describe, it } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { databaseOn } from "../storage-on.js";
import { storeRowIn } from "../store-row.js";
import { fittingSchemas } from "./fitting-schemas.js";

function contractOn(name: string, options: PgStorageOptions, table = "workflow_instances", setUp?: string): void {
  describe("on a database of its own", () => {
    const database = databaseOn(preparePostgresDatabase);
    const pool = new pg.Pool({ connectionString: database.url });
    const storage = createPgStorage(pool, options);
    let isSetUp = false;
    const create = async (): Promise<typeof storage> => {
      if (setUp !== undefined && !isSetUp) await database.sql(setUp);
      isSetUp = true;
      await database.sql(`DELETE FROM ${table}`);
      return storage;
    };
    afterAll(() => pool.end());
    describeStorage({ describe, it }, { name, create, storeRow: storeRowIn(database, table) });
  });
}

contractOn("the pg storage", {});

contractOn('the pg storage with bigIntegers: "bigint", coalesceWrites, schemas and no names', {
  bigIntegers: "bigint",
  coalesceWrites: true,
  schemas: fittingSchemas,
  namedStatements: false,
});

contractOn(
  "the pg storage on a partitioned table in another schema",
  { table: `"Other ""one".Runs` },
  `"Other ""one"."Runs"`,
  `CREATE SCHEMA "Other ""one";
   CREATE TABLE "Other ""one"."Runs" (LIKE workflow_instances INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (id)) PARTITION BY HASH (id);
   CREATE TABLE "Other ""one"."Runs_0" PARTITION OF "Other ""one"."Runs" FOR VALUES WITH (MODULUS 2, REMAINDER 0);
   CREATE TABLE "Other ""one"."Runs_1" PARTITION OF "Other ""one"."Runs" FOR VALUES WITH (MODULUS 2, REMAINDER 1)`,
);
