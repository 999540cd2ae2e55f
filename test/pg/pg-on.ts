import { createPgStorage, type PgStorage, type PgStorageOptions } from "hephaestus-prisma/pg";
import pg from "pg";
import { afterAll, beforeEach } from "vitest";
import { type PostgresDatabase, preparePostgresDatabase } from "../database.js";
import { databaseOn } from "../storage-on.js";

/** A database of a `describe`'s own, emptied before each test, with a pool and a storage on it. */
export function pgOn(
  options?: PgStorageOptions,
  config?: pg.PoolConfig,
): { database: PostgresDatabase; pool: pg.Pool; storage: PgStorage } {
  const database = databaseOn(preparePostgresDatabase);
  const pool = new pg.Pool({ connectionString: database.url, ...config });
  beforeEach(() => database.sql("DELETE FROM workflow_instances"));
  afterAll(() => pool.end());
  return { database, pool, storage: createPgStorage(pool, options) };
}
