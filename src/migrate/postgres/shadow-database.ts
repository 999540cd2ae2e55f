import { randomUUID } from "node:crypto";
import type { SqlDriverAdapter } from "@prisma/driver-adapter-utils";
import pg from "pg";
import { MigrationError } from "../migration-error.js";
import { connectPostgres } from "./postgres-adapter.js";
import { withDatabase } from "./postgres-target.js";
import type { PostgresTarget } from "./postgres-url.js";

/** Makes an empty database beside the target, connects to it, and drops it when the adapter is disposed of. */
export async function createShadowDatabase(target: PostgresTarget): Promise<SqlDriverAdapter> {
  const admin = await connectPostgres(target);
  const database = `prisma_migrate_shadow_db_${randomUUID()}`;
  const drop = async (): Promise<void> => {
    await admin.executeScript(`DROP DATABASE IF EXISTS "${database}"`).finally(() => admin.dispose());
  };
  try {
    await admin.executeScript(`CREATE DATABASE "${database}"`).catch(rejectShadow);
    const adapter = await connectPostgres(withDatabase(target, database));
    const dispose = adapter.dispose.bind(adapter);
    // adapter-pg drops it first, while its own connections still hold it.
    return Object.assign(adapter, { dispose: () => dispose().then(drop) });
  } catch (error) {
    await drop().catch(() => {}); // the first failure says more
    throw error;
  }
}

function rejectShadow(cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new MigrationError(
    "Prisma Migrate could not create the shadow database. Please make sure the database user has permission to create databases. " +
      `Read more about the shadow database (and workarounds) at https://pris.ly/d/migrate-shadow\n\nOriginal error: ${reason}\n`,
    { prismaCode: "P3014", cause },
  );
}

/** Connects to a database that the user keeps as shadow database, and empties it, as Prisma does. */
export async function resetShadowDatabase(shadow: PostgresTarget): Promise<SqlDriverAdapter> {
  const adapter = await connectPostgres(shadow);
  const schema = pg.escapeIdentifier(shadow.schema);
  await adapter.executeScript(`DROP SCHEMA IF EXISTS ${schema} CASCADE; CREATE SCHEMA ${schema}`);
  return adapter;
}
