import type { SqlDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import type { DiagnoseMigrationHistoryOutput } from "@prisma/schema-engine-wasm";
import { openEngine } from "./engine/engine.js";
import { migrationFactory } from "./migration-factory.js";
import { ownMigrations, readMigrations } from "./migrations-folder.js";
import type { MigrationsOptions } from "./migrations-options.js";

/** The migrations of a folder and a database, by name and in order. */
export interface MigrationStatus {
  /** In the folder and in the database. */
  readonly applied: readonly string[];
  /** In the folder only: `deployMigrations` would apply them. */
  readonly pending: readonly string[];
  /** Began in the database and did not finish: nothing is applied before `prisma migrate resolve`. */
  readonly failed: readonly string[];
  /** Applied with a script that differs from the folder's. */
  readonly edited: readonly string[];
  /** In the database only. */
  readonly missing: readonly string[];
}

/**
 * Compares a folder of migrations with what a database has recorded, and changes nothing.
 *
 * @throws {MigrationError} with the `prismaCode` `P1001` or another `P1xxx` if the database can't be reached.
 * @throws {MissingPackageError} if an optional package is not installed.
 *
 * @example
 * ```ts
 * const { pending } = await migrationStatus(new PrismaPg({ connectionString: process.env.DATABASE_URL }));
 * ```
 */
export async function migrationStatus(adapterFactory: SqlDriverAdapterFactory, options: MigrationsOptions = {}): Promise<MigrationStatus> {
  const migrationsList = await readMigrations(options.migrations ?? ownMigrations);
  const engine = await openEngine(await migrationFactory(adapterFactory));
  try {
    const filters = { externalTables: [], externalEnums: [] };
    const diagnosis = await engine.run((it) => it.diagnoseMigrationHistory({ migrationsList, filters, optInToShadowDatabase: false }));
    return statusOf(
      migrationsList.migrationDirectories.map(({ path }) => path),
      diagnosis,
    );
  } finally {
    await engine.close();
  }
}

function statusOf(
  names: readonly string[],
  { history, failedMigrationNames, editedMigrationNames }: DiagnoseMigrationHistoryOutput,
): MigrationStatus {
  const unapplied = history && "unappliedMigrationNames" in history ? history.unappliedMigrationNames : [];
  const missing = history && "unpersistedMigrationNames" in history ? history.unpersistedMigrationNames : [];
  const pending = unapplied.filter((name) => !failedMigrationNames.includes(name));
  const applied = names.filter((name) => !unapplied.includes(name) && !failedMigrationNames.includes(name));
  return { applied, pending, failed: failedMigrationNames, edited: editedMigrationNames, missing };
}
