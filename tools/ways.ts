import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage, type InstanceStorage, type PrismaStorage, type PrismaStorageOptions } from "hephaestus-prisma";
import { createPgStorage, type PgStorage } from "hephaestus-prisma/pg";
import pg from "pg";
import { PrismaClient } from "../generated/prisma/client.js";
import { inPgTransaction } from "./pg-transaction.js";

type Options = Omit<PrismaStorageOptions, "model" | "table"> & { readonly namedStatements?: boolean };

/** A pool, and storages on it, by one way to the table. */
export interface Connected {
  readonly pool: pg.Pool;
  readonly storage: (options?: Options) => InstanceStorage;
  /** Runs a call in a transaction of the user's. */
  readonly inTransaction: <Result>(call: (within: InstanceStorage) => Promise<Result>) => Promise<Result>;
  readonly close: () => Promise<void>;
}

/** A way to the table. */
export interface Way {
  readonly way: string;
  /** Whether puts can be sent together. */
  readonly coalesces: boolean;
  /** The options for a PgBouncer that doesn't know prepared statements. */
  readonly unnamed: Options;
  readonly connect: (config: pg.PoolConfig, defaults?: Options) => Connected;
}

function poolOf(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ application_name: "storage", ...config });
  pool.on("error", () => {}); // a connection that is lost while it is idle
  return pool.on("connect", (client) => client.on("error", () => {}));
}

const byPrisma = (named: { table?: string }) => (config: pg.PoolConfig, defaults?: Options) => {
  const pool = poolOf(config);
  const client = new PrismaClient({
    adapter: new PrismaPg(pool),
    transactionOptions: { maxWait: 10_000, timeout: 60_000 },
    queryPlanCacheMaxSize: 10, // the plan of a batch of 2,000 upserts takes tens of megabytes
  });
  const storageWith = (options?: Options): PrismaStorage => createPrismaStorage(client, { ...defaults, ...options, ...named });
  return {
    pool,
    storage: storageWith,
    inTransaction: <Result>(call: (within: InstanceStorage) => Promise<Result>): Promise<Result> =>
      client.$transaction((tx) => call(storageWith().withTransaction(tx))),
    async close() {
      await client.$disconnect();
      await pool.end();
    },
  };
};

export const verbs: Way = { way: "Prisma's verbs", coalesces: false, unnamed: {}, connect: byPrisma({}) };

export const prismaSql: Way = {
  way: "SQL through Prisma",
  coalesces: true,
  unnamed: {},
  connect: byPrisma({ table: "public.workflow_instances" }),
};

export const straight: Way = {
  way: "the pg storage",
  coalesces: true,
  unnamed: { namedStatements: false },
  connect(config, defaults) {
    const pool = poolOf(config);
    const storageWith = (options?: Options): PgStorage => createPgStorage(pool, { ...defaults, ...options });
    return {
      pool,
      storage: storageWith,
      inTransaction: (call) => inPgTransaction(pool, (client) => call(storageWith().withTransaction(client))),
      close: () => pool.end(),
    };
  },
};

export const ways: readonly Way[] = [verbs, prismaSql, straight];
