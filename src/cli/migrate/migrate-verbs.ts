import { deployMigrations } from "../../migrate/deploy-migrations.js";
import { MigrationError } from "../../migrate/migration-error.js";
import { type MigrationStatus, migrationStatus } from "../../migrate/migration-status.js";
import type { UrlDatabase } from "../../migrate/postgres/url-database.js";
import { displayPath } from "../project/prisma-project.js";
import { resolveFailed } from "./migration-failure.js";

/** The result of a command about migrations: as data, and as lines. */
export interface Report {
  readonly exitCode: number;
  readonly data: object;
  readonly lines: readonly string[];
}

/** Applies what is pending. A database that is missing is created, as by Prisma's CLI. */
export async function deploy(database: UrlDatabase, migrations: string): Promise<Report> {
  const apply = (): Promise<string[]> => deployMigrations(database.adapterFactory, { migrations });
  const applied = await apply().catch(async (error: unknown) => {
    if (!(error instanceof MigrationError && error.prismaCode === "P1003")) throw error;
    await database.create();
    return apply();
  });
  return {
    exitCode: 0,
    data: { applied },
    lines: applied.length === 0 ? ["nothing was pending"] : applied.map((name) => `applied ${name}`),
  };
}

/** Compares the database with the migrations. */
export async function status({ adapterFactory }: UrlDatabase, migrations: string): Promise<Report> {
  const found = await migrationStatus(adapterFactory, { migrations });
  const { applied, pending, failed, edited, missing } = found;
  const isOutdated = [pending, failed, missing].some((names) => names.length > 0);
  const lines = [
    ...Object.entries({ pending, failed, edited, missing }).flatMap(([what, names]) => names.map((name) => `${what} ${name}`)),
    ...(isOutdated ? [] : [`up to date, ${applied.length} applied`]),
    ...fixes(found, displayPath(migrations)),
  ];
  return { exitCode: isOutdated ? 1 : 0, data: found, lines };
}

function fixes({ pending, failed, edited, missing }: MigrationStatus, folder: string): string[] {
  const reported: [readonly string[], string][] = [
    [failed, failed.map(resolveFailed).join("\n")],
    [failed.length > 0 ? [] : pending, "Apply what is pending:\n  npx hephaestus-prisma migrate deploy"],
    [
      edited,
      `Edited ones were applied with another script than the one in ${folder}: restore it, and put the change into a migration of its own.`,
    ],
    [missing, `Missing ones were applied, and are not in ${folder}: is it an older checkout, or the folder of another project?`],
  ];
  return reported.flatMap(([names, fix]) => (names.length > 0 ? ["", fix] : []));
}
