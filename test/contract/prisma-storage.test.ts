import { createPrismaStorage, type Storage, type StorageOptions } from "hephaestus-prisma";
import { describeStorage } from "hephaestus-prisma/testing";
import { describe, it } from "vitest";
import { databases, preparePartitionedDatabase, preparePostgresDatabase, type Prepared, type TestDatabase } from "../database.js";
import { databaseOn } from "../storage-on.js";
import { storeRowIn } from "../store-row.js";
import { fittingSchemas } from "./fitting-schemas.js";

/** A storage in a database, by one way to its table. */
interface Binding {
  readonly name: string;
  readonly prepare: () => Prepared<TestDatabase>;
  readonly create: (database: TestDatabase) => Storage;
}

const prisma =
  (options: StorageOptions = {}) =>
  ({ client }: TestDatabase): Storage =>
    createPrismaStorage(client, options);

const bindings: readonly Binding[] = [
  ...databases.map(({ on, prepare }) => ({ name: `the Prisma storage on ${on}`, prepare, create: prisma() })),
  {
    name: 'the Prisma storage with bigIntegers: "bigint", coalesceWrites and schemas',
    prepare: preparePostgresDatabase,
    create: prisma({ bigIntegers: "bigint", coalesceWrites: true, schemas: fittingSchemas }),
  },
  {
    name: "the Prisma storage on an extended client that allows raw SQL",
    prepare: preparePostgresDatabase,
    create: ({ client }) =>
      createPrismaStorage(client.$extends({ query: { $allOperations: ({ args, query }) => query(args) } }), { allowRawSql: true }),
  },
  { name: "the Prisma storage on a partitioned table", prepare: preparePartitionedDatabase, create: prisma() },
  {
    name: 'the Prisma storage on a partitioned table that is named, with bigIntegers: "bigint"',
    prepare: preparePartitionedDatabase,
    create: prisma({ bigIntegers: "bigint", table: "public.workflow_instances" }),
  },
];

for (const { name, prepare, create } of bindings) {
  describe("on a database of its own", () => {
    const database = databaseOn(prepare);
    const storage = create(database);
    describeStorage(
      { describe, it },
      {
        name,
        create: async () => {
          await database.sql("DELETE FROM workflow_instances");
          return storage;
        },
        storeRow: storeRowIn(database),
      },
    );
  });
}
