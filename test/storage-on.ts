import { createPrismaStorage, type PrismaStorage, type PrismaStorageOptions } from "hephaestus-prisma";
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Prepared, TestDatabase } from "./database.js";

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
