import type { SqlDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import { openEngine } from "./engine/engine.js";
import { migrationFactory } from "./migration-factory.js";
import { ownMigrations, readMigrations } from "./migrations-folder.js";
import type { MigrationsOptions } from "./migrations-options.js";

/**
 * Applies the pending migrations, as `prisma migrate deploy` does and with the same record in `_prisma_migrations`, so
 * that either may follow the other. Returns the names of those it applied, in order; none if nothing was pending.
 *
 * Deployments on one database wait for each other for up to 10 seconds, whichever process or tool they run in.
 * PostgreSQL runs each script as one transaction, unless the script says otherwise.
 *
 * @throws {MigrationError} with the `prismaCode` `P3018` if a migration fails, `P3009` if one has failed before, `P3005`
 * if the database has tables but no record of migrations, `P1002` after waiting for another deployment, `P1001` and other
 * `P1xxx` if the database can't be reached.
 * @throws {MissingPackageError} if an optional package is not installed.
 *
 * @example
 * ```ts
 * const applied = await deployMigrations(new PrismaPg({ connectionString: process.env.DATABASE_URL }));
 * ```
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
