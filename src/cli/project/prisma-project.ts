import { stat } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { loadPrismaConfig } from "./prisma-config.js";

/** What a command line says about the project that the program runs in. */
export interface ProjectOptions {
  readonly config?: string | undefined;
  readonly schema?: string | undefined;
  readonly migrations?: string | undefined;
  readonly url?: string | undefined;
}

/** A project that uses Prisma. Paths are absolute. */
export interface Project {
  /** Where the paths of its config begin. */
  readonly folder: string;
  /** The name of its config, or the one that Prisma would look for first. */
  readonly config: string;
  /** A file or a folder; undefined where there is none. */
  readonly schema: string | undefined;
  /** A folder, whether it is there or not. */
  readonly migrations: string;
  readonly url: string | undefined;
  /** Environment variables that its config makes the URL of, and nobody has set. */
  readonly unset: readonly string[];
  /** Whether there is anything of Prisma's at all. */
  readonly found: boolean;
}

/**
 * Finds the project's schema and migrations where Prisma's CLI would: by the options, by the config, or where they are by
 * default. A config that nothing is left to ask of isn't loaded.
 *
 * @throws {Failure} for a config that can't be loaded.
 */
export async function findProject(options: ProjectOptions): Promise<Project> {
  const here = process.cwd();
  const isTold = options.migrations !== undefined && (options.schema !== undefined || options.url !== undefined);
  const config = isTold ? { unset: [] } : await loadPrismaConfig(here, options.config);
  const folder = config.file === undefined ? here : dirname(config.file);
  const schema = options.schema === undefined ? (config.schema ?? (await defaultSchema(folder))) : resolve(options.schema);
  const migrations = options.migrations === undefined ? config.migrations : resolve(options.migrations);
  return {
    folder,
    config: config.file === undefined ? "prisma.config.ts" : relative(here, config.file),
    schema,
    migrations: migrations ?? join(schema === undefined ? join(here, "prisma") : await rootOf(schema), "migrations"),
    url: options.url ?? config.url,
    unset: config.unset,
    found: [config.file, schema, migrations].some((one) => one !== undefined) || (await isFolder(join(here, "prisma"))),
  };
}

/** Whether there is a folder at a path. */
export async function isFolder(path: string): Promise<boolean> {
  return (await kindAt(path)) === "folder";
}

/** What is at a path, behind its links. */
export async function kindAt(path: string): Promise<"file" | "folder" | undefined> {
  const stats = await stat(path).catch(() => undefined);
  return stats && (stats.isDirectory() ? "folder" : "file");
}

async function defaultSchema(folder: string): Promise<string | undefined> {
  for (const path of [join(folder, "schema.prisma"), join(folder, "prisma", "schema.prisma")])
    if ((await kindAt(path)) === "file") return path;
  return undefined;
}

async function rootOf(schema: string): Promise<string> {
  return (await isFolder(schema)) ? schema : dirname(schema);
}
