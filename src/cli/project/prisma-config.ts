import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isObject } from "../../runtime/native-types.js";
import { Failure, messageOf, UsageFailure } from "../failure.js";
import { howToAddPrisma7, installPrisma, isPrisma8, PRISMA_7, prismaCli } from "./prisma-cli.js";

/** What a project's Prisma config says. Paths are absolute. */
export interface PrismaConfig {
  /** Path of the config; undefined if the project has none. */
  readonly file?: string | undefined;
  readonly schema?: string | undefined;
  readonly migrations?: string | undefined;
  readonly url?: string | undefined;
  /** Environment variables that the URL is made of by `env()`, and that are not set. */
  readonly unset: readonly string[];
}

type Loader = (input: { readonly configRoot: string; readonly configFile?: string }) => Promise<unknown>;

// Prisma's order of them doesn't matter here: they are only looked for if its own loader is missing.
const CONFIG_FILES = [
  ["", /^prisma7?\.config\.[cm]?[jt]s$/],
  [".config", /^prisma7?(\.config)?\.[cm]?[jt]s$/],
] as const;
const INSTEAD = "The config isn't needed if --migrations and --schema (or --url) are given.";
const UNSET_VARIABLE = /^Cannot resolve environment variable: (\w+)\.$/;

/**
 * Loads the Prisma config of a folder as Prisma's CLI does, by the project's own copy of Prisma. Environment variables
 * that the config asks for and that aren't set don't make it fail, since `init` needs no database: `env()` throws, so the
 * config is loaded again with a placeholder for each.
 *
 * @throws {Failure} for a config that can't be loaded, and if there is one but Prisma 6 or 7 isn't installed.
 */
export async function loadPrismaConfig(folder: string, configFile?: string): Promise<PrismaConfig> {
  const load = await importLoader(folder);
  if (load === undefined) {
    const file = configFile ?? (await findConfig(folder));
    if (file === undefined) return { unset: [] };
    throw new Failure(`${file} can't be read: ${await whyNoLoader(folder)}\n${INSTEAD}`);
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

async function importLoader(folder: string): Promise<Loader | undefined> {
  const file = resolveLoader(folder);
  if (file === undefined) return undefined;
  const loader: unknown = await import(pathToFileURL(file).href);
  const load = isObject(loader) ? loader.loadConfigFromFile : undefined;
  if (typeof load !== "function") throw new Failure(`${file} has no loadConfigFromFile: this version of prisma is not supported`);
  return (input) => Promise.resolve<unknown>(Reflect.apply(load, undefined, [input]));
}

// `@prisma/config` is a dependency of `prisma`, and that one of `@prisma/prisma7`: a strict package manager lets only them see it.
function resolveLoader(folder: string): string | undefined {
  const project = join(folder, "package.json");
  const chains = [
    [`${PRISMA_7}/config`, "prisma/config", "@prisma/config"],
    ["prisma/config", "@prisma/config"],
  ];
  for (const chain of chains) {
    try {
      return chain.reduce((from, name) => createRequire(from).resolve(name), project);
    } catch {
      continue; // not installed, or Prisma 8
    }
  }
  return undefined;
}

async function whyNoLoader(folder: string): Promise<string> {
  const cli = await prismaCli(folder);
  if (isPrisma8(cli)) return `found ${cli.name} ${cli.version}, expected Prisma 6.19 or 7. ${howToAddPrisma7()}`;
  return `prisma is not installed here. Install it:\n  ${installPrisma()}`;
}

async function findConfig(folder: string): Promise<string | undefined> {
  for (const [under, pattern] of CONFIG_FILES) {
    const names = await readdir(join(folder, under)).catch(() => []);
    const name = names.find((one) => pattern.test(one));
    if (name !== undefined) return join(under, name);
  }
  return undefined;
}

/** Keeps what a config prints while it is loaded, as dotenv does, out of our output. */
async function withoutStdout<Result>(work: () => Promise<Result>): Promise<Result> {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  try {
    return await work();
  } finally {
    process.stdout.write = write;
  }
}

// A message may quote a URL.
function withoutPasswords(text: string): string {
  return text.replaceAll(/(:\/\/[^:@/\s]*):[^@\s]*@/g, "$1:…@");
}
