import { UsageFailure } from "./failure.js";
import { loadPrismaConfig } from "./project/prisma-config.js";

/** The database that `--url` or else DATABASE_URL names; undefined if neither does. */
export function explicitUrl(option: string | undefined): string | undefined {
  const url = option ?? process.env.DATABASE_URL ?? "";
  return url === "" ? undefined : url;
}

/** The database that is known so far, or else DATABASE_URL's. @throws {UsageFailure} if there is none. */
export function databaseUrl(known: string | undefined): string {
  const url = explicitUrl(known);
  if (url === undefined) throw new UsageFailure("which database? Set DATABASE_URL or give --url");
  return url;
}

/**
 * The database of `--url`, of DATABASE_URL or of the project's Prisma config, in this order. The config is loaded only if
 * it is needed: servers that run a command by cron have none.
 */
export async function findDatabaseUrl(option: string | undefined): Promise<string> {
  return explicitUrl(option) ?? databaseUrl((await loadPrismaConfig(process.cwd())).url);
}
