import { databaseUrl } from "./arguments.js";
import { loadPrismaConfig } from "./project/prisma-config.js";

/** The database that `--url` or DATABASE_URL names; undefined where neither does. */
export function toldUrl(given: string | undefined): string | undefined {
  const told = given ?? process.env.DATABASE_URL ?? "";
  return told === "" ? undefined : told;
}

/**
 * The database that a command means: `--url`, or DATABASE_URL, or else that of the project's Prisma config, which is
 * loaded for that alone: servers that run a command by cron need none.
 */
export async function findDatabaseUrl(given: string | undefined): Promise<string> {
  return databaseUrl(toldUrl(given) ?? (await loadPrismaConfig(process.cwd())).url);
}
