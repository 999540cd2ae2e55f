import { deployMigrations } from "../../migrate/deploy-migrations.js";
import { MigrationError } from "../../migrate/migration-error.js";
import { type MigrationStatus, migrationStatus } from "../../migrate/migration-status.js";
import type { UrlDatabase } from "../../migrate/postgres/url-database.js";
import { shown } from "../init/file-action.js";
import { resolveFailed } from "./migration-failure.js";

/** What a command about migrations answers: as data, and as lines. */
export interface Report {
  readonly exitCode: number;
  readonly data: object;
  readonly lines: readonly string[];
}

/** Applies what is pending. A database that is missing is created, as by Prisma's CLI. */
export async function deploy(database: UrlDatabase, migrations: string): Promise<Report> {
  const apply = (): Promise<string[]> => deployMigrations(database.adapterFactory, { migrations });
  const applied = await apply().catch(async (error: unknown) => {
    if (!(error instanceof MigrationError && error.code === "P1003")) throw error;
    await database.create();
    return apply();
  });
  return {
    exitCode: 0,
    data: { applied },
    lines: applied.length === 0 ? ["nothing was pending"] : applied.map((name) => `applied ${name}`),
  };
}

/** Tells where the database stands. */
export async function status({ adapterFactory }: UrlDatabase, migrations: string): Promise<Report> {
  const found = await migrationStatus(adapterFactory, { migrations });
  const { applied, pending, failed, edited, missing } = found;
  const isBehind = [pending, failed, missing].some((names) => names.length > 0);
  const lines = [
    ...Object.entries({ pending, failed, edited, missing }).flatMap(([what, names]) => names.map((name) => `${what} ${name}`)),
    ...(isBehind ? [] : [`up to date, ${applied.length} applied`]),
    ...mends(found, shown(migrations)),
  ];
  return { exitCode: isBehind ? 1 : 0, data: found, lines };
}

function mends({ pending, failed, edited, missing }: MigrationStatus, folder: string): string[] {
  const told: [readonly string[], string][] = [
    [failed, failed.map(resolveFailed).join("\n")],
    [failed.length > 0 ? [] : pending, "This applies what is pending:\n  npx hephaestus-prisma migrate deploy"],
    [edited, `Edited ones were applied with another script than ${folder} has: put the old one back, and the change into one of its own.`],
    [missing, `Missing ones were applied, and are not in ${folder}: is it an older checkout, or the folder of another project?`],
  ];
  return told.flatMap(([names, mend]) => (names.length > 0 ? ["", mend] : []));
}
