import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage, type InstanceStorage, type PrismaStorageOptions } from "hephaestus-prisma";
import { createPgStorage } from "hephaestus-prisma/pg";
import pg from "pg";
import { PrismaClient } from "../../generated/prisma/client.js";

/** The options that every way to the table takes. */
type Options = Omit<PrismaStorageOptions, "model" | "table">;

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
  readonly connect: (config: pg.PoolConfig) => Connected;
}

function poolOf(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ application_name: "storage", ...config });
  pool.on("error", () => {}); // a connection that is lost while it is idle
  return pool.on("connect", (client) => client.on("error", () => {}));
}

const byPrisma = (table?: string) => (config: pg.PoolConfig) => {
  const pool = poolOf(config);
  const client = new PrismaClient({ adapter: new PrismaPg(pool), transactionOptions: { maxWait: 10_000, timeout: 60_000 } });
  const named = table === undefined ? {} : { table };
  const storage = createPrismaStorage(client, named);
  return {
    pool,
    storage: (options: Options = {}) => createPrismaStorage(client, { ...options, ...named }),
    inTransaction: <Result>(call: (within: InstanceStorage) => Promise<Result>): Promise<Result> =>
      client.$transaction((tx) => call(storage.withTransaction(tx))),
    async close() {
      await client.$disconnect();
      await pool.end();
    },
  };
};

export const verbs: Way = { way: "Prisma's verbs", coalesces: false, connect: byPrisma() };

export const prismaSql: Way = { way: "SQL through Prisma", coalesces: true, connect: byPrisma("public.workflow_instances") };

export const straight: Way = {
  way: "the pg storage",
  coalesces: true,
  connect(config) {
    const pool = poolOf(config);
    const storage = createPgStorage(pool);
    return {
      pool,
      storage: (options = {}) => createPgStorage(pool, options),
      async inTransaction(call) {
        const client = await pool.connect();
        let failure: Error | undefined;
        try {
          await client.query("BEGIN");
          const result = await call(storage.withTransaction(client));
          await client.query("COMMIT");
          return result;
        } catch (error) {
          await client.query("ROLLBACK").catch((reason: unknown) => (failure = reason as Error));
          throw error;
        } finally {
          client.release(failure);
        }
      },
      close: () => pool.end(),
    };
  },
};

export const ways: readonly Way[] = [verbs, prismaSql, straight];
