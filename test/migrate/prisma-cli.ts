import { spawn } from "node:child_process";
import { chmodSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ENGINE = join(ROOT, "dist/migrate/schema-engine.js");
chmodSync(ENGINE, 0o755); // as npm does when it installs the package

export interface Run {
  readonly code: number | null;
  /** Its output on both streams. */
  readonly output: string;
}

export interface RunOptions {
  /** Folder with the `prisma.config.ts`. Default: the checkout. */
  readonly project?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Runs Prisma's CLI as a user would. */
export function prisma(url: string, args: readonly string[], { project = ROOT, env = {}, input = "" }: RunOptions = {}): Promise<Run> {
  return run([join(ROOT, "node_modules/prisma/build/index.js"), ...args], project, input, {
    DATABASE_URL: url,
    PRISMA_SCHEMA_ENGINE_BINARY: ENGINE,
    ...env,
  });
}

/** Runs the schema engine itself, with requests on its stdin. */
export function schemaEngine(args: readonly string[], input = ""): Promise<Run> {
  return run([ENGINE, ...args], ROOT, input, {});
}

function run(args: readonly string[], cwd: string, input: string, env: Readonly<Record<string, string>>): Promise<Run> {
  const quiet = { NO_COLOR: "1", CHECKPOINT_DISABLE: "1", PRISMA_HIDE_UPDATE_MESSAGE: "1" };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...quiet, ...env } });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
    child.stdin.end(input);
  });
}

/** A copy of the Prisma folder with its own config, for tests that change either. It is deleted after the test. */
export async function copyProject(): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), "hephaestus-prisma-project-"));
  onTestFinished(() => rm(project, { recursive: true, force: true }));
  await cp(join(ROOT, "prisma"), join(project, "prisma"), { recursive: true });
  await writeFile(
    join(project, "prisma.config.ts"),
    `export default {
      schema: "prisma",
      migrations: { path: "prisma/migrations" },
      datasource: { url: process.env.DATABASE_URL, shadowDatabaseUrl: process.env.SHADOW_DATABASE_URL },
    };`,
  );
  return project;
}
