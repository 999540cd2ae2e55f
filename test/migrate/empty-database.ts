import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import pg from "pg";
import { inject, onTestFinished } from "vitest";

/** The URL of a database that does not exist yet. It is dropped with its server, at the end of the run. */
export function newDatabaseUrl(serverUrl = inject("serverUrl")): string {
  const url = new URL(serverUrl);
  url.pathname = `/${inject("template")}_${randomUUID().replaceAll("-", "")}`;
  return url.href;
}

/** Creates an empty database, and returns its URL. */
export async function createEmptyDatabase(serverUrl = inject("serverUrl")): Promise<string> {
  const url = newDatabaseUrl(serverUrl);
  await query(serverUrl, `CREATE DATABASE ${new URL(url).pathname.slice(1)}`);
  return url;
}

/** Creates a database that `prisma migrate deploy` has migrated, as a copy of the template, and returns its URL. */
export async function createMigratedDatabase(): Promise<string> {
  const url = newDatabaseUrl();
  await query(inject("serverUrl"), `CREATE DATABASE ${new URL(url).pathname.slice(1)} TEMPLATE ${inject("template")}`);
  return url;
}

/** Runs SQL on a new connection: one statement with values, or several without. */
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

/** The names of this package's migrations, in order. */
export const MIGRATIONS: readonly string[] = readdirSync(new URL("../../prisma/migrations", import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** The migrations that Prisma has recorded, in the order in which they started. */
export function recorded(url: string, schema = "public"): Promise<Record<string, unknown>[]> {
  return query(
    url,
    `SELECT migration_name AS name, finished_at IS NOT NULL AS finished, applied_steps_count AS steps
     FROM ${schema}._prisma_migrations ORDER BY started_at, migration_name`,
  );
}

/** This package's objects in a schema: relations, with definitions of indexes and comments of tables, and CHECKs. */
export function shapeOf(url: string, schema: string): Promise<Record<string, unknown>[]> {
  return query(
    url,
    `SELECT relkind::text AS kind, relname AS name,
       CASE relkind WHEN 'i' THEN replace(pg_get_indexdef(oid), quote_ident($1) || '.', '') ELSE obj_description(oid, 'pg_class') END AS says
     FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident($1)) AND relkind IN ('r', 'i', 'v')
     UNION ALL
     SELECT 'check', conname, pg_get_constraintdef(oid)
     FROM pg_constraint WHERE connamespace = to_regnamespace(quote_ident($1)) AND contype = 'c'
     ORDER BY kind, name`,
    [schema],
  );
}

/** Creates a role that may log in, and returns its name and URL. It is dropped after the test. */
export async function createRole(url: string): Promise<{ readonly role: string; readonly url: string }> {
  const role = `role_${randomUUID().replaceAll("-", "")}`;
  await query(url, `CREATE ROLE ${role} LOGIN PASSWORD 'app-secret'`);
  onTestFinished(async () => {
    await query(url, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
  return { role, url: Object.assign(new URL(url), { username: role, password: "app-secret" }).href };
}
