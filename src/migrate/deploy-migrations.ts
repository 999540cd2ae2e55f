import type { SqlDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import { openEngine } from "./engine/engine.js";
import { migrationFactory } from "./migration-factory.js";
import { ownMigrations, readMigrations } from "./migrations-folder.js";

/** Which migrations. */
export interface MigrationsOptions {
  /** Folder of the migrations, each in a folder of its own with a `migration.sql`. Default: those of this package. */
  readonly migrations?: string;
}

/**
 * Applies the pending migrations, as `prisma migrate deploy` does and with the same record in `_prisma_migrations`, so
 * that either may follow the other. Answers the names of those it applied, in order; none when nothing was pending.
 *
 * Deployments on one database wait for each other for up to 10 seconds, whichever process or tool they run in.
 * PostgreSQL runs each script as one transaction, unless the script says otherwise.
 *
 * @throws MigrationError `P3018` when a migration fails, `P3009` when one has failed before, `P3005` when the database
 * has tables but no record of migrations, `P1002` after waiting for another deployment, `P1001` and other `P1xxx` when
 * the database can't be reached, `MISSING_PACKAGE` when an optional package is not installed.
 *
 * @example
 * const applied = await deployMigrations(new PrismaPg({ connectionString: process.env.DATABASE_URL }));
 */
export async function deployMigrations(adapterFactory: SqlDriverAdapterFactory, options: MigrationsOptions = {}): Promise<string[]> {
  const migrationsList = await readMigrations(options.migrations ?? ownMigrations);
  const engine = await openEngine(await migrationFactory(adapterFactory));
  try {
    const filters = { externalTables: [], externalEnums: [] };
    const { appliedMigrationNames } = await engine.run((it) => it.applyMigrations({ migrationsList, filters }));
    return appliedMigrationNames;
  } finally {
    await engine.close();
  }
}
