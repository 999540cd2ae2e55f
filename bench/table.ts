import { readdirSync, readFileSync } from "node:fs";
import pg from "pg";

const MIGRATIONS = new URL("../prisma/migrations/", import.meta.url);

/** Makes this package's table, with all its indexes. */
export async function createTable(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const entry of readdirSync(MIGRATIONS, { withFileTypes: true }).filter((found) => found.isDirectory()))
    await client.query(readFileSync(new URL(`${entry.name}/migration.sql`, MIGRATIONS), "utf8"));
  await client.end();
}
