import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { inject } from "vitest";
import { PrismaClient } from "../generated/prisma/client.js";

/** A migrated database for one test file, with a Prisma Client and a connection that bypasses it. */
export interface TestDatabase {
  readonly client: PrismaClient;
  /** Runs SQL around the adapter. */
  sql(query: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Every SQL statement that the client has sent since this was last called. */
  statements(): string[];
  close(): Promise<void>;
}

export interface PostgresDatabase extends TestDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
}

/** A Prisma Client on a migrated database, through adapter-pg. */
export function connectClient(config: pg.PoolConfig, options?: ConstructorParameters<typeof PrismaPg>[1]): PrismaClient {
  return new PrismaClient({ adapter: new PrismaPg(config, options) });
}

/** A database that doesn't exist until `open` creates it; its client does, and sends nothing before. */
export type Prepared<Database extends TestDatabase> = Database & { open(): Promise<void> };

/** A copy of the template database on the real PostgreSQL. It is dropped with the server, at the end of the run. */
export function preparePostgresDatabase(): Prepared<PostgresDatabase> {
  return prepareOnServer((name) => `CREATE DATABASE ${name} TEMPLATE ${inject("template")}`);
}

const MIGRATIONS = new URL("../prisma/migrations/", import.meta.url);

/** The same table in eight partitions, by the hash of the id. */
export function preparePartitionedDatabase(): Prepared<PostgresDatabase> {
  const database = prepareOnServer((name) => `CREATE DATABASE ${name} TEMPLATE template0`);
  return {
    ...database,
    async open() {
      await database.open();
      const scripts = readdirSync(MIGRATIONS).filter((name) => /^\d+_/.test(name));
      for (const script of scripts.sort())
        await database.sql(partitioned(readFileSync(new URL(`${script}/migration.sql`, MIGRATIONS), "utf8")));
    },
  };
}

/** A script in which the table is partitioned from the start, as docs/partitioning.md says. */
function partitioned(script: string): string {
  const partition = (n: number): string =>
    `CREATE TABLE workflow_instances_p${n} PARTITION OF workflow_instances FOR VALUES WITH (MODULUS 8, REMAINDER ${n});`;
  const partitions = Array.from({ length: 8 }, (_, n) => partition(n)).join("\n");
  return script.replace(/(CREATE TABLE "workflow_instances" \([^;]*\));/, `$1 PARTITION BY HASH ("id");\n${partitions}`);
}

function prepareOnServer(create: (name: string) => string): Prepared<PostgresDatabase> {
  const name = `${inject("template")}_${randomUUID().replaceAll("-", "")}`;
  const at = new URL(inject("serverUrl"));
  at.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: at.href });
  const logged = logging(
    new PrismaClient({ adapter: new PrismaPg({ connectionString: at.href }), log: [{ emit: "event", level: "query" }] }),
  );
  return {
    ...logged,
    url: at.href,
    pool,
    sql: async (query, values) => (await pool.query<Record<string, unknown>>(query, values)).rows,
    async open() {
      const admin = new pg.Client({ connectionString: inject("serverUrl") });
      await admin.connect();
      await admin.query(create(name));
      await admin.end();
    },
    async close() {
      await logged.client.$disconnect();
      await pool.end();
    },
  };
}

/** Prepares a database, and opens it. */
export async function createPostgresDatabase(): Promise<PostgresDatabase> {
  const database = preparePostgresDatabase();
  await database.open();
  return database;
}

export interface PgliteDatabase extends TestDatabase {
  readonly pglite: PGlite;
}

/** A PostgreSQL in this process, in memory, migrated from the start. */
export function preparePgliteDatabase(): Prepared<PgliteDatabase> {
  const pglite = new PGlite({ loadDataDir: new Blob([readFileSync(inject("pgliteTemplate"))]) });
  const adapter = new PrismaPGlite(pglite);
  const logged = logging(new PrismaClient({ adapter, log: [{ emit: "event", level: "query" }] }));
  return {
    ...logged,
    pglite,
    sql: async (query, values) => (await pglite.query<Record<string, unknown>>(query, values)).rows,
    open: () => pglite.waitReady,
    async close() {
      await logged.client.$disconnect();
      await pglite.close();
    },
  };
}

/** Both kinds, for what must hold on every PostgreSQL. */
export const databases: readonly { readonly on: string; readonly prepare: () => Prepared<TestDatabase> }[] = [
  { on: "PostgreSQL", prepare: preparePostgresDatabase },
  { on: "PGlite", prepare: preparePgliteDatabase },
];

function logging(client: PrismaClient<"query">): Pick<TestDatabase, "client" | "statements"> {
  let sent: string[] = [];
  client.$on("query", ({ query }) => sent.push(query));
  return {
    client,
    statements() {
      const statements = sent;
      sent = [];
      return statements;
    },
  };
}
