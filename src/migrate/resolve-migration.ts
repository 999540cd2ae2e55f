import type { SqlDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import { openEngine } from "./engine/engine.js";
import { migrationFactory } from "./migration-factory.js";
import { readMigrations } from "./migrations-folder.js";

/** Which migration, and what is true of it. */
export interface Resolution {
  readonly name: string;
  readonly as: "applied" | "rolled-back";
}

/**
 * Corrects Prisma's record of a migration, as `prisma migrate resolve` does, and runs no script.
 *
 * @throws {MigrationError} for a migration that isn't in the folder (`P3017`), is applied already (`P3008`), or was never
 * recorded as failed (`P3011`, `P3012`).
 */
export async function resolveMigration(
  adapterFactory: SqlDriverAdapterFactory,
  migrations: string,
  { name: migrationName, as }: Resolution,
): Promise<void> {
  const engine = await openEngine(await migrationFactory(adapterFactory));
  try {
    const migrationsList = await readMigrations(migrations);
    if (as === "applied") await engine.run((it) => it.markMigrationApplied({ migrationName, migrationsList }));
    else await engine.run((it) => it.markMigrationRolledBack({ migrationName }));
  } finally {
    await engine.close();
  }
}
