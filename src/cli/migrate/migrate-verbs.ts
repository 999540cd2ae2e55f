import { deployMigrations } from "../../migrate/deploy-migrations.js";
import { MigrationError } from "../../migrate/migration-error.js";
import { type MigrationStatus, migrationStatus } from "../../migrate/migration-status.js";
import type { UrlDatabase } from "../../migrate/postgres/url-database.js";
import { ownMigrations } from "../../migrate/migrations-folder.js";
import { type Resolution, resolveMigration } from "../../migrate/resolve-migration.js";
import { TABLE } from "../connection.js";
import { type MigrateCommands, migrateCommands } from "../project/migrate-commands.js";
import { isCopy, readScripts } from "../project/migration-scripts.js";
import { displayPath } from "../project/prisma-project.js";
import { findModel } from "../project/schema-files.js";
import { resolveFailed } from "./migration-failure.js";

/** The result of a command about migrations: as data, and as lines. */
export interface Report {
  readonly exitCode: number;
  readonly data: object;
  readonly lines: readonly string[];
}

/** The migrations of a project. */
export interface MigrationsSource {
  /** Their folder. */
  readonly migrations: string;
  /** The Prisma schema beside them, if there is one. */
  readonly schema: string | undefined;
}

export type Verb = (database: UrlDatabase, source: MigrationsSource) => Promise<Report>;

/** Applies what is pending. A database that is missing is created, as by Prisma's CLI. */
export async function deploy(database: UrlDatabase, source: MigrationsSource): Promise<Report> {
  const { migrations } = source;
  const apply = (): Promise<string[]> => deployMigrations(database.adapterFactory, { migrations });
  const applied = await apply().catch(async (error: unknown) => {
    if (!(error instanceof MigrationError && error.prismaCode === "P1003")) throw error;
    await database.create();
    return apply();
  });
  const lines = applied.length === 0 ? ["nothing was pending"] : applied.map((name) => `applied ${name}`);
  const lack = await lackOf(source);
  return { exitCode: lack === undefined ? 0 : 1, data: { applied }, lines: lack === undefined ? lines : [...lines, "", lack] };
}

/** Says that no migration creates the table, unless the project has it under another name, by migrations of its own. */
async function lackOf({ migrations, schema }: MigrationsSource): Promise<string | undefined> {
  if (schema === undefined) return undefined;
  const [theirs, own] = [await readScripts(migrations), await readScripts(ownMigrations)];
  if (theirs.some((script) => own.some((one) => isCopy(one, script)))) return undefined;
  if (((await findModel(schema))?.table ?? TABLE) !== TABLE) return undefined;
  const found = `none of the migrations in ${displayPath(migrations)} is this package's, which create the table of the instances`;
  return `${found}. Run first:\n  npx hephaestus-prisma init`;
}

/** Corrects the record of a migration. */
export function resolve(resolution: Resolution): Verb {
  return async ({ adapterFactory }, { migrations }) => {
    await resolveMigration(adapterFactory, migrations, resolution);
    const { name, as } = resolution;
    return { exitCode: 0, data: { resolved: name, as }, lines: [`marked ${name} as ${as}`] };
  };
}

/** Compares the database with the migrations. */
export async function status({ adapterFactory }: UrlDatabase, { migrations }: MigrationsSource): Promise<Report> {
  const found = await migrationStatus(adapterFactory, { migrations });
  const { applied, pending, failed, edited, missing } = found;
  const isOutdated = [pending, failed, missing].some((names) => names.length > 0);
  const lines = [
    ...Object.entries({ pending, failed, edited, missing }).flatMap(([what, names]) => names.map((name) => `${what} ${name}`)),
    ...(isOutdated ? [] : [`up to date, ${applied.length} applied`]),
    ...fixes(found, displayPath(migrations), await migrateCommands(process.cwd())),
  ];
  return { exitCode: isOutdated ? 1 : 0, data: found, lines };
}

function fixes({ pending, failed, edited, missing }: MigrationStatus, folder: string, commands: MigrateCommands): string[] {
  const reported: [readonly string[], string][] = [
    [failed, failed.map((name) => resolveFailed(name, commands)).join("\n")],
    [failed.length > 0 ? [] : pending, "Apply what is pending:\n  npx hephaestus-prisma migrate deploy"],
    [
      edited,
      `Edited ones were applied with another script than the one in ${folder}: restore it, and put the change into a migration of its own.`,
    ],
    [missing, `Missing ones were applied, and are not in ${folder}: is it an older checkout, or the folder of another project?`],
  ];
  return reported.flatMap(([names, fix]) => (names.length > 0 ? ["", fix] : []));
}
