import pg from "pg";
import { openEngine } from "../engine/engine.js";
import { MigrationError } from "../migration-error.js";
import { postgresFactory } from "./postgres-factory.js";
import { withDatabase } from "./postgres-target.js";
import type { PostgresTarget } from "./postgres-url.js";

// Databases are created from one of these: nearly every server has both.
const ADMIN_DATABASES = ["postgres", "template1"];
const NOT_THERE = ["P1003", "P1010"];

/** Connects once, which also creates the schema if it is missing. */
export async function connectOnce(target: PostgresTarget): Promise<void> {
  const engine = await openEngine(postgresFactory(target));
  await engine.close();
}

/** Creates the target's database and its schema, and returns the database's name. */
export async function createDatabase(target: PostgresTarget): Promise<string> {
  const name = databaseOf(target);
  await runAsAdmin(target, `CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  await connectOnce(target);
  return name;
}

/** Drops the target's database. */
export async function dropDatabase(target: PostgresTarget): Promise<void> {
  await runAsAdmin(target, `DROP DATABASE ${pg.escapeIdentifier(databaseOf(target))}`);
}

function databaseOf({ config }: PostgresTarget): string {
  return new pg.Client(config).database ?? "postgres";
}

async function runAsAdmin(target: PostgresTarget, script: string): Promise<void> {
  for (const database of ADMIN_DATABASES) {
    try {
      // The engine creates the schema if it is missing: pg_catalog never is.
      const engine = await openEngine(postgresFactory({ ...withDatabase(target, database), schema: "pg_catalog" }));
      return await engine.run((it) => it.dbExecute({ datasourceType: { tag: "url", url: "" }, script })).finally(() => engine.close());
    } catch (error) {
      if (!(error instanceof MigrationError && error.prismaCode !== undefined && NOT_THERE.includes(error.prismaCode))) throw error;
    }
  }
  throw new MigrationError(
    "Prisma could not connect to a default database (`postgres` or `template1`), it cannot create the specified database.",
  );
}
