import { randomUUID } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";

/** The URL of a database that does not exist yet. It goes with its server, or at the end of the run. */
export function newDatabaseUrl(serverUrl = inject("serverUrl")): string {
  const url = new URL(serverUrl);
  url.pathname = `/${inject("template")}_${randomUUID().replaceAll("-", "")}`;
  return url.href;
}

/** Creates an empty database and answers its URL. */
export async function createEmptyDatabase(serverUrl = inject("serverUrl")): Promise<string> {
  const url = newDatabaseUrl(serverUrl);
  await query(serverUrl, `CREATE DATABASE ${new URL(url).pathname.slice(1)}`);
  return url;
}

/** Runs SQL on a connection of its own: one statement with values, or several without. */
export async function query(url: string, sql: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

export const BASELINE = "20260101000000_baseline";
export const EXTRAS = "20260101000001_extras";
export const LISTINGS = "20260101000002_listings";
export const OVERVIEW = "20260101000003_overview";

/** What Prisma has recorded, in the order in which it was begun. */
export function recorded(url: string, schema = "public"): Promise<Record<string, unknown>[]> {
  return query(
    url,
    `SELECT migration_name AS name, finished_at IS NOT NULL AS finished, applied_steps_count AS steps
     FROM ${schema}._prisma_migrations ORDER BY started_at, migration_name`,
  );
}
