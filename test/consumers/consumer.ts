import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PROJECTS = fileURLToPath(new URL("projects", import.meta.url));

// Projects get these from this checkout, unless they have installed their own.
const LINKED = [
  "@prisma/adapter-pg",
  "@prisma/client",
  "@prisma/driver-adapter-utils",
  "@prisma/schema-engine-wasm",
  "@types/node",
  "@types/pg",
  "pg",
  "prisma",
  "typescript",
];

// Prisma 6 would download engines that it never starts here. Any program in their place prevents that.
const NO_ENGINES = { PRISMA_QUERY_ENGINE_LIBRARY: process.execPath, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };

const exec = promisify(execFile);

/** For a test that installs, generates and compiles: npm, Prisma's generator and the compiler are slow on a busy machine. */
export const PATIENCE = 300_000;

/** The newest versions of Node that are supported. */
export const NEWEST = ["24", "26"] as const;

/** Bun, as npm has it for this machine. */
export const BUN = `@oven/bun-${process.platform}-${process.arch === "arm64" ? "aarch64" : process.arch}`;

/** The one instance that a round trip leaves, with all its digits. */
export const KEPT = [{ id: "kept", total: "9007199254740993" }];

/** The SQL that reads it. */
export const kept = (table: string): string => `SELECT id, state #>> '{context,initial,total}' AS total FROM ${table} WHERE id = 'kept'`;

/** What `npm publish` would upload. */
export interface Packed {
  readonly tarball: string;
  readonly files: readonly string[];
}

/** Packs the build. Without npm's scripts: they would rebuild it while other tests run. */
export async function pack(folder: string): Promise<Packed> {
  const { stdout } = await exec("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], { cwd: ROOT });
  const [packed] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
  if (packed === undefined) throw new Error(`npm pack printed ${stdout}`);
  return { tarball: join(folder, packed.filename), files: packed.files.map(({ path }) => path) };
}

/**
 * Installs the tarball and the other given packages, for projects in sub-folders of a new folder. An empty package takes
 * the place of each one in `without`: only packages need those, and no test runs them.
 */
export async function install(folder: string, packages: readonly string[], without: readonly string[] = []): Promise<void> {
  await mkdir(join(folder, "empty"), { recursive: true });
  await writeFile(join(folder, "empty/package.json"), JSON.stringify({ name: "empty", version: "1.0.0" }));
  const overrides = Object.fromEntries(without.map((name) => [name, "file:./empty"]));
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, overrides }));
  const flags = ["--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--prefer-offline"];
  await exec("npm", ["install", ...flags, ...packages]);
  for (const name of LINKED) {
    const path = join(folder, "node_modules", name);
    if (existsSync(path)) continue;
    await mkdir(dirname(path), { recursive: true });
    await symlink(join(ROOT, "node_modules", name), path);
  }
}

/** A project that uses the package. */
export interface Project {
  readonly folder: string;
  /** Runs a program of Node in it, by its path from `node_modules`, and returns its output. */
  readonly node: (program: string, args?: readonly string[], env?: NodeJS.ProcessEnv) => Promise<string>;
  /** Runs any program in it. */
  readonly run: (program: string, args: readonly string[], env?: NodeJS.ProcessEnv) => Promise<string>;
}

/** Copies one of the projects to a folder beside which the packages are installed. */
export async function createProject(project: string, installed: string, name = project): Promise<Project> {
  const folder = join(installed, name);
  await cp(join(PROJECTS, project), folder, { recursive: true });
  const run: Project["run"] = async (program, args, env = {}) => {
    const { stdout, stderr } = await exec(program, args, { cwd: folder, env: { ...process.env, ...env } }).catch((error: unknown) => {
      // Compilers print their errors to standard output, Jest to the other.
      throw error instanceof Error && "stdout" in error && "stderr" in error
        ? new Error(`${error.message}\n${String(error.stdout)}\n${String(error.stderr)}`, { cause: error })
        : error;
    });
    return stdout || stderr;
  };
  return {
    folder,
    run,
    node: (program, args = [], env) => run(process.execPath, [join(installed, "node_modules", program), ...args], env),
  };
}

/** Copies what holds a driver against the contract to the sources of a project. */
export async function copyContract({ folder }: Project): Promise<void> {
  for (const file of [join(PROJECTS, "keeps-contract.ts"), join(ROOT, "test/contract/in-transactions.ts")])
    await cp(file, join(folder, "src", basename(file)));
}

/** A compiled project that uses the package. */
export interface Consumer {
  /** Runs it on a database, and returns its output. */
  run(databaseUrl: string, ...node: readonly string[]): Promise<string>;
}

/** Copies one of the projects to where the packages are installed, generates its client and compiles it. */
export async function createConsumer(project: string, installed: string, prisma = "prisma/build/index.js"): Promise<Consumer> {
  const { folder, node, run } = await createProject(project, installed);
  for (const shared of ["tsconfig.json", "prisma.config.ts"]) await cp(join(PROJECTS, shared), join(folder, shared), { force: false });
  await cp(join(PROJECTS, "round-trip.ts"), join(folder, "src/round-trip.ts"));
  const model = "prisma/workflow-instance.prisma"; // the package's, unless the project has its own
  await cp(join(installed, "node_modules/hephaestus-prisma", model), join(folder, model), { force: false });

  await node(prisma, ["generate"], NO_ENGINES);
  await node("typescript/bin/tsc");
  return {
    run: (databaseUrl, ...node) => {
      const [program = process.execPath, ...args] = node;
      return run(program, [...args, "build/main.js"], { DATABASE_URL: databaseUrl });
    },
  };
}
