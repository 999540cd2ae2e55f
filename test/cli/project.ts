import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { prisma, type Run } from "../migrate/prisma-cli.js";
import { type Ended, run } from "./program.js";

/** The checkout, which the projects have installed. */
export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

export const CONFIG = `import { defineConfig, env } from "prisma/config";
export default defineConfig({ schema: "prisma", migrations: { path: "prisma/migrations" }, datasource: { url: env("DATABASE_URL") } });
`;
export const SCHEMA = `datasource db {
  provider = "postgresql"
}

generator client {
  provider = "prisma-client"
  output   = "../generated"
}

model Note {
  id   Int    @id
  body String
}
`;
export const NOTES = `CREATE TABLE "Note" ("id" INTEGER NOT NULL, "body" TEXT NOT NULL, CONSTRAINT "Note_pkey" PRIMARY KEY ("id"));\n`;

/** A user's project in a folder of its own. */
export interface Project {
  readonly folder: string;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  read(path: string): Promise<string>;
  remove(path: string): Promise<void>;
  /** Every file with its text, except the installed packages. */
  files(): Promise<Record<string, string>>;
  /** The names of its migrations. */
  migrations(): Promise<string[]>;
  /** Runs `hephaestus-prisma` there. */
  run(args: readonly string[], url?: string): Promise<Ended>;
  /** Runs Prisma's CLI there. */
  prisma(args: readonly string[], url?: string): Promise<Run>;
}

/** One whose schema is a folder, with a model of its own, and with Prisma and this package installed. It is removed after the test. */
export function createProject(): Promise<Project> {
  return projectOf({ "prisma.config.ts": CONFIG, "prisma/schema.prisma": SCHEMA }, ["prisma", "@prisma", "hephaestus-prisma"]);
}

/** The same with this package's model, whose `@@map` is replaced by some lines. */
export async function createProjectWith(lines: string): Promise<Project> {
  const project = await createProject();
  const model = await readFile(join(ROOT, "prisma/workflow-instance.prisma"), "utf8");
  await project.write({ "prisma/flows.prisma": model.replace('@@map("workflow_instances")', lines) });
  return project;
}

/** One of these files, with these packages installed. `atEnd` is called with what removes it. */
export async function projectOf(
  files: Readonly<Record<string, string>>,
  packages: readonly string[],
  atEnd: (remove: () => Promise<void>) => void = onTestFinished,
): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), "hephaestus-prisma-cli-"));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "node_modules"));
  for (const name of packages)
    await symlink(name === "hephaestus-prisma" ? ROOT : join(ROOT, "node_modules", name), join(folder, "node_modules", name));
  const project: Project = {
    folder,
    async write(added) {
      for (const [path, text] of Object.entries(added)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), text);
      }
    },
    read: (path) => readFile(join(folder, path), "utf8"),
    remove: (path) => rm(join(folder, path), { recursive: true }),
    async files() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const paths = entries.filter((one) => !one.isDirectory()).map((one) => join(one.parentPath, one.name).slice(folder.length + 1));
      const own = paths.filter((path) => !path.startsWith("node_modules")).sort();
      return Object.fromEntries(await Promise.all(own.map(async (path) => [path, await project.read(path)] as const)));
    },
    migrations: async () => (await readdir(join(folder, "prisma/migrations"))).filter((name) => !name.includes(".")).sort(),
    run: (args, url) => run(args, url, { cwd: folder }),
    prisma: (args, url = "postgresql://nobody@127.0.0.1:1/nothing") => prisma(url, args, { project: folder }),
  };
  await project.write(files);
  return project;
}
