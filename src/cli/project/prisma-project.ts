import { readFile, stat } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { isObject } from "../../runtime/native-types.js";
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
  /** The folder to which the paths of its config are relative. */
  readonly folder: string;
  /** The name of its config, or the one that Prisma looks for first. */
  readonly config: string;
  /** A file or a folder; undefined if there is none. */
  readonly schema: string | undefined;
  /** A folder, which need not exist. */
  readonly migrations: string;
  readonly url: string | undefined;
  /** Environment variables that its config makes the URL of, and that are not set. */
  readonly unset: readonly string[];
  /** Whether there is anything of Prisma's. */
  readonly found: boolean;
}

/**
 * Finds the project's schema and migrations as Prisma's CLI does: by the options, by the config, by the key `prisma` of
 * package.json (Prisma 6), or by their default paths. The config isn't loaded if the options say all that it could.
 *
 * @throws {Failure} for a config that can't be loaded.
 */
export async function findProject(options: ProjectOptions): Promise<Project> {
  const here = process.cwd();
  const hasOptions = options.migrations !== undefined && (options.schema !== undefined || options.url !== undefined);
  const config = hasOptions ? { unset: [] } : await loadPrismaConfig(here, options.config);
  const folder = config.file === undefined ? here : dirname(config.file);
  const configured = config.schema ?? (config.file === undefined ? await manifestSchema(here) : undefined);
  const schema = options.schema === undefined ? (configured ?? (await defaultSchema(folder))) : resolve(options.schema);
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

/** A path as the user would write it. */
export function displayPath(path: string): string {
  return relative(process.cwd(), path) || ".";
}

/** Whether there is a folder at a path. */
export async function isFolder(path: string): Promise<boolean> {
  return (await kindAt(path)) === "folder";
}

/** What is at a path, with its links followed. */
export async function kindAt(path: string): Promise<"file" | "folder" | undefined> {
  const stats = await stat(path).catch(() => undefined);
  return stats && (stats.isDirectory() ? "folder" : "file");
}

async function manifestSchema(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, "package.json"), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const manifest: unknown = JSON.parse(text);
  const settings = isObject(manifest) ? manifest.prisma : undefined;
  return isObject(settings) && typeof settings.schema === "string" ? resolve(folder, settings.schema) : undefined;
}

async function defaultSchema(folder: string): Promise<string | undefined> {
  for (const path of [join(folder, "schema.prisma"), join(folder, "prisma", "schema.prisma")])
    if ((await kindAt(path)) === "file") return path;
  return undefined;
}

async function rootOf(schema: string): Promise<string> {
  return (await isFolder(schema)) ? schema : dirname(schema);
}
