import { readdirSync, readFileSync } from "node:fs";
import pg from "pg";
import type { PostgresServer } from "../tools/postgres-server.js";

const MIGRATIONS = new URL("../prisma/migrations/", import.meta.url);

/** Runs statements on a connection of their own. */
export async function withConnection<T>(url: string, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

/** Creates a database and returns its URL. */
export async function createDatabase(server: PostgresServer, name: string, options = ""): Promise<string> {
  await withConnection(server.url(), (client) => client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)} ${options}`));
  return server.url(name);
}

/** Creates this package's table with all its indexes. */
export async function createTable(url: string): Promise<void> {
  await withConnection(url, async (client) => {
    for (const entry of readdirSync(MIGRATIONS, { withFileTypes: true }).filter((found) => found.isDirectory()))
      await client.query(readFileSync(new URL(`${entry.name}/migration.sql`, MIGRATIONS), "utf8"));
  });
}

/** The version of a server. */
export async function serverVersion(server: PostgresServer): Promise<string> {
  const { rows } = await withConnection(server.url(), (client) => client.query<{ server_version: string }>("SHOW server_version"));
  return rows[0]?.server_version ?? "unknown";
}
