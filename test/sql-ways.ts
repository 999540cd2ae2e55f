import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage, type InstanceStorage } from "hephaestus-prisma";
import { createPgStorage, type PgStorageOptions } from "hephaestus-prisma/pg";
import type pg from "pg";
import { afterAll, beforeEach } from "vitest";
import { PrismaClient } from "../generated/prisma/client.js";
import { inPgTransaction } from "../tools/pg-transaction.js";
import { type PostgresDatabase, preparePostgresDatabase } from "./database.js";
import { RecordingPool } from "./recording-pool.js";
import { databaseOn, TABLE } from "./storage-on.js";

/** Options that every storage by SQL has. */
type SqlOptions = Omit<PgStorageOptions, "namedStatements" | "table">;

/** A way on which SQL of ours goes to a server. */
export interface SqlRoute {
  /** Creates a storage whose statements go this way. */
  create(options?: SqlOptions): InstanceStorage;
  /** Runs calls of a storage with these options inside a transaction, and commits it. */
  inTransaction<Result>(use: (within: InstanceStorage) => Promise<Result>, options?: SqlOptions): Promise<Result>;
  /** Ends what it has made; the pool stays. */
  close(): Promise<void>;
}

/** Every way on which SQL of ours goes, through a pool. */
export const sqlWays: readonly { readonly way: string; readonly routeOn: (pool: pg.Pool) => SqlRoute }[] = [
  { way: "SQL through Prisma", routeOn: prismaRoute },
  { way: "pg", routeOn: (pool) => pgRoute(pool, true) },
  { way: "pg without named statements", routeOn: (pool) => pgRoute(pool, false) },
];

/** A database for one `describe`, emptied before each test, and a route to it through a pool that records what is sent. */
export function sqlOn(
  routeOn: (pool: pg.Pool) => SqlRoute,
  prepare = preparePostgresDatabase,
): { database: PostgresDatabase; pool: RecordingPool; route: SqlRoute } {
  const database = databaseOn(prepare);
  const pool = new RecordingPool({ connectionString: database.url });
  const route = routeOn(pool);
  beforeEach(async () => {
    await database.sql("DELETE FROM workflow_instances");
    pool.sent();
  });
  afterAll(async () => {
    await route.close();
    await pool.end();
  });
  return { database, pool, route };
}

function prismaRoute(pool: pg.Pool): SqlRoute {
  const client = new PrismaClient({ adapter: new PrismaPg(pool) });
  const create = (options: SqlOptions = {}) => createPrismaStorage(client, { table: TABLE, ...options });
  return {
    create,
    inTransaction: (use, options) =>
      client.$transaction((tx) => use(create(options).withTransaction(tx)), { maxWait: 60_000, timeout: 60_000 }),
    close: () => client.$disconnect(),
  };
}

function pgRoute(pool: pg.Pool, namedStatements: boolean): SqlRoute {
  const create = (options: SqlOptions = {}) => createPgStorage(pool, { namedStatements, ...options });
  return {
    create,
    inTransaction: (use, options) => inPgTransaction(pool, (client) => use(create(options).withTransaction(client))),
    close: async () => {},
  };
}
