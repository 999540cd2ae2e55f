import { join } from "node:path";
import { ownMigrations, readMigrations } from "../../migrate/migrations-folder.js";
import { Failure } from "../failure.js";
import { BASELINE, freshName, recognise } from "../project/migration-names.js";
import { displayPath, isFolder } from "../project/prisma-project.js";
import type { FileAction } from "./file-action.js";

/** What to do about a folder of migrations. */
export interface MigrationsPlan {
  readonly actions: readonly FileAction[];
  /** The name of the baseline there. */
  readonly baseline: string;
}

const PROVIDER = /^\s*provider\s*=\s*"([^"]*)"/m;

/**
 * Plans how a folder gets this package's migrations, after those that it has.
 *
 * @throws {Failure} for migrations of another kind of database.
 */
export async function planMigrations(folder: string, now: Date): Promise<MigrationsPlan> {
  const own = await readMigrations(ownMigrations);
  const theirs = (await isFolder(folder)) ? await readMigrations(folder) : undefined;
  const scripts = new Map(theirs?.migrationDirectories.map(({ path, migrationFile: { content } }) => [path, content]));
  const names = [...scripts.keys()];
  const actions = [lockAction(join(folder, "migration_lock.toml"), theirs?.lockfile.content ?? null, own.lockfile.content)];
  let baseline = BASELINE;

  for (const { path: ownName, migrationFile } of own.migrationDirectories) {
    if (migrationFile.content.tag !== "ok") throw new Error(migrationFile.content.value);
    const name = recognise(names, ownName) ?? freshName(names, ownName, now);
    if (!scripts.has(name)) names.push(name);
    if (ownName === BASELINE) baseline = name;
    const text = migrationFile.content.value.replaceAll(ownName, name); // its comments have commands with its name
    const there = scripts.get(name);
    actions.push(scriptAction(join(folder, name, "migration.sql"), text, there?.tag === "ok" ? there.value : undefined));
  }
  return { actions, baseline };
}

function lockAction(path: string, there: string | null, own: string | null): FileAction {
  if (there === null) return { action: "create", path, text: own ?? "" };
  const [, provider = ""] = PROVIDER.exec(there) ?? [];
  if (provider === "postgresql") return { action: "keep", path };
  throw new Failure(`${displayPath(path)} is of another database: expected provider = "postgresql", found ${JSON.stringify(provider)}`);
}

function scriptAction(path: string, text: string, there: string | undefined): FileAction {
  if (there === undefined) return { action: "create", path, text };
  if (there.replaceAll("\r\n", "\n") === text) return { action: "keep", path };
  const fix = "it is left as it is. A migration that has been applied must not change: put your own changes into another one";
  return { action: "differ", path, fix };
}
