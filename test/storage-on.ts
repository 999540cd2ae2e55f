import { createPrismaStorage, type PrismaStorage, type PrismaStorageOptions } from "hephaestus-prisma";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { databases, type Prepared, type TestDatabase } from "./database.js";

/** The table of the tests' databases, as SQL through Prisma names it. */
export const TABLE = "public.workflow_instances";

/** Both ways to the table through a Prisma Client, on both kinds of databases. */
export const ways: readonly {
  readonly way: "verbs" | "SQL";
  readonly on: string;
  readonly prepare: () => Prepared<TestDatabase>;
  readonly options: PrismaStorageOptions;
}[] = databases.flatMap(({ on, prepare }) => [
  { way: "verbs", on, prepare, options: {} },
  { way: "SQL", on, prepare, options: { table: TABLE } },
]);

/** A database for one `describe`, open while its tests run. */
export function databaseOn<Database extends TestDatabase>(prepare: () => Prepared<Database>): Database {
  const database = prepare();
  beforeAll(() => database.open());
  afterAll(() => database.close());
  return database;
}

/** A database for one `describe`, emptied before each test, and a storage on it. */
export function storageOn<Database extends TestDatabase>(
  prepare: () => Prepared<Database>,
  options?: PrismaStorageOptions,
): { database: Database; storage: PrismaStorage } {
  const database = databaseOn(prepare);
  beforeEach(() => database.sql("DELETE FROM workflow_instances"));
  return { database, storage: createPrismaStorage(database.client, options) };
}
