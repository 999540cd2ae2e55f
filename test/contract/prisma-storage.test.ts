import { createPrismaStorage, type StorageOptions } from "hephaestus-prisma";
import { describeStorage } from "hephaestus-prisma/testing";
import { describe, it } from "vitest";
import { databases, preparePostgresDatabase } from "../database.js";
import { databaseOn } from "../storage-on.js";
import { fittingSchemas } from "./fitting-schemas.js";

function contractOn(prepare: (typeof databases)[number]["prepare"], name: string, options: StorageOptions): void {
  describe("on a database of its own", () => {
    const database = databaseOn(prepare);
    const storage = createPrismaStorage(database.client, options);
    const create = async (): Promise<typeof storage> => {
      await database.sql("DELETE FROM workflow_instances");
      return storage;
    };
    describeStorage({ describe, it }, { name, create });
  });
}

for (const { on, prepare } of databases) contractOn(prepare, `the Prisma storage on ${on}`, {});

contractOn(preparePostgresDatabase, 'the Prisma storage with bigIntegers: "bigint", coalesceWrites and schemas', {
  bigIntegers: "bigint",
  coalesceWrites: true,
  schemas: fittingSchemas,
});
