import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isObject } from "../../instance/check.js";
import { Failure, messageOf, UsageFailure } from "../failure.js";

/** What a project's Prisma config says. Paths are absolute. */
export interface PrismaConfig {
  /** Where it is; undefined where the project has none. */
  readonly file?: string | undefined;
  readonly schema?: string | undefined;
  readonly migrations?: string | undefined;
  readonly url?: string | undefined;
  /** Environment variables that the URL is made of by `env()`, and nobody has set. */
  readonly unset: readonly string[];
}

type Loader = (input: { readonly configRoot: string; readonly configFile?: string }) => Promise<unknown>;

// Prisma's order of them doesn't matter here: they are only looked for where its own loader is missing.
const CONFIG_FILES = [
  ["", /^prisma7?\.config\.[cm]?[jt]s$/],
  [".config", /^prisma7?(\.config)?\.[cm]?[jt]s$/],
] as const;
const INSTEAD = "It isn't needed where --migrations and --schema (or --url) are given.";
const UNSET_VARIABLE = /^Cannot resolve environment variable: (\w+)\.$/;

/**
 * Loads the Prisma config of a folder as Prisma's CLI does, by the project's own copy of Prisma. Environment variables
 * that it asks for and that aren't set are no failure, since few commands need them.
 *
 * @throws {Failure} for a config that can't be loaded, or where there is one and Prisma isn't installed.
 */
export async function loadPrismaConfig(folder: string, configFile?: string): Promise<PrismaConfig> {
  const load = await importLoader(folder);
  if (load === undefined) {
    const file = configFile ?? (await findConfig(folder));
    if (file === undefined) return { unset: [] };
    throw new Failure(`${file} can't be read: prisma is not installed here. Install it:\n  npm install --save-dev prisma\n${INSTEAD}`);
  }
  const unset: string[] = [];
  try {
    for (;;) {
      const loaded = await withoutStdout(() => load({ configRoot: folder, ...(configFile !== undefined && { configFile }) }));
      const { config, error } = isObject(loaded) ? loaded : {};
      if (error === undefined) return readConfig(config, unset);
      if (isObject(error) && error._tag === "ConfigFileNotFound") throw new UsageFailure(`there is no Prisma config ${configFile}`);
      const problem = messageOf(isObject(error) ? error.error : error);
      const [, name] = UNSET_VARIABLE.exec(problem) ?? [];
      if (name === undefined || unset.includes(name))
        throw new Failure(`can't load the Prisma config: ${withoutPasswords(problem)}\n${INSTEAD}`);
      unset.push(name);
      process.env[name] = placeholder(name);
    }
  } finally {
    for (const name of unset) delete process.env[name];
  }
}

// A URL, since some configs take it apart.
function placeholder(name: string): string {
  return `postgresql://unset.invalid/${name}/`;
}

function readConfig(config: unknown, asked: readonly string[]): PrismaConfig {
  const url = textAt(config, "datasource", "url");
  const unset = asked.filter((name) => url?.includes(placeholder(name)) === true);
  return {
    file: textAt(config, "loadedFromFile"),
    schema: textAt(config, "schema"),
    migrations: textAt(config, "migrations", "path"),
    url: unset.length > 0 ? undefined : url,
    unset,
  };
}

function textAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = keys.reduce((at, key) => (isObject(at) ? at[key] : undefined), value);
  return typeof found === "string" && found !== "" ? found : undefined;
}

// `@prisma/config` is a dependency of `prisma`, which a strict package manager lets only `prisma` itself see.
async function importLoader(folder: string): Promise<Loader | undefined> {
  let file: string;
  try {
    const prisma = createRequire(join(folder, "package.json")).resolve("prisma/config");
    file = createRequire(prisma).resolve("@prisma/config");
  } catch {
    return undefined;
  }
  const loader: unknown = await import(pathToFileURL(file).href);
  const load = isObject(loader) ? loader.loadConfigFromFile : undefined;
  if (typeof load !== "function") throw new Failure(`${file} has no loadConfigFromFile: this version of prisma is not supported`);
  return (input) => Promise.resolve<unknown>(Reflect.apply(load, undefined, [input]));
}

async function findConfig(folder: string): Promise<string | undefined> {
  for (const [under, pattern] of CONFIG_FILES) {
    const names = await readdir(join(folder, under)).catch(() => []);
    const name = names.find((one) => pattern.test(one));
    if (name !== undefined) return join(under, name);
  }
  return undefined;
}

/** What a config prints as it is loaded, as dotenv does, must not get into our output. */
async function withoutStdout<Result>(work: () => Promise<Result>): Promise<Result> {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  try {
    return await work();
  } finally {
    process.stdout.write = write;
  }
}

// A message may repeat what it is about, such as a URL.
function withoutPasswords(text: string): string {
  return text.replaceAll(/(:\/\/[^:@/\s]*):[^@\s]*@/g, "$1:…@");
}
