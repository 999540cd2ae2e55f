import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MigrationDirectory, MigrationList } from "@prisma/schema-engine-wasm";

const LOCKFILE = "migration_lock.toml";
const SCRIPT = "migration.sql";

/** The package's own migrations. `src/migrate` and `dist/migrate` lie equally deep, so that one path serves both. */
export const ownMigrations: string = fileURLToPath(new URL("../../prisma/migrations", import.meta.url));

/** Reads a folder of migrations as Prisma's CLI does, oldest first: a folder for each, named by its time. */
export async function readMigrations(folder: string): Promise<MigrationList> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return {
    baseDir: folder,
    lockfile: { path: LOCKFILE, content: await readFile(join(folder, LOCKFILE), "utf8").catch(() => null) },
    migrationDirectories: await Promise.all(names.sort().map((name) => readMigration(folder, name))),
    shadowDbInitScript: "",
  };
}

// A script that can't be read is not an error here: only the engine knows whether this database still needs it.
async function readMigration(folder: string, name: string): Promise<MigrationDirectory> {
  const content = await readFile(join(folder, name, SCRIPT), "utf8").then(
    (value) => ({ tag: "ok", value }) as const,
    (error: unknown) => ({ tag: "error", value: String(error) }) as const,
  );
  return { path: name, migrationFile: { path: SCRIPT, content } };
}
