import { execFile, spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { pack } from "../consumer.js";
import type { Run } from "../../migrate/prisma-cli.js";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const NAME = "hephaestus-prisma";

/** A user's project in a temporary folder, with the packed package installed. */
export interface InstalledProject {
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** Runs a script in a shell there, which stops at the first command that fails. */
  shell(script: string, env?: NodeJS.ProcessEnv): Promise<Run>;
  remove(): Promise<void>;
}

const LINKED = ["@prisma", "@types", "dotenv", "pg", "prisma", "tsx", "typescript"];

/** Packs the build, and installs it beside this checkout's dependencies, as npm would. */
export async function installPackage(): Promise<InstalledProject> {
  const folder = await mkdtemp(join(tmpdir(), "hephaestus-prisma-installed-"));
  const modules = join(folder, "node_modules");
  await mkdir(join(modules, ".bin"), { recursive: true });
  const { tarball } = await pack(folder);
  await promisify(execFile)("tar", ["-xzf", tarball, "-C", folder]);
  await rename(join(folder, "package"), join(modules, NAME));
  for (const name of LINKED) await symlink(join(ROOT, "node_modules", name), join(modules, name));
  for (const name of [NAME, "prisma", "tsx", "typescript"]) await linkPrograms(modules, name);

  const project: InstalledProject = {
    async write(files) {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), text);
      }
    },
    shell(script, env) {
      return new Promise((resolve, reject) => {
        const child = spawn("sh", ["-euc", script], {
          cwd: folder,
          env: { ...process.env, NO_COLOR: "1", CHECKPOINT_DISABLE: "1", ...env },
        });
        let output = "";
        child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
        child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
        child.once("error", reject);
        child.once("close", (code) => resolve({ code, output }));
      });
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
  await project.write({ "package.json": `{ "name": "orders", "private": true, "type": "module" }` });
  return project;
}

async function linkPrograms(modules: string, name: string): Promise<void> {
  const { bin } = JSON.parse(await readFile(join(modules, name, "package.json"), "utf8")) as { bin: Record<string, string> | string };
  for (const [program, path] of Object.entries(typeof bin === "string" ? { [name]: bin } : bin)) {
    const file = join(modules, name, path);
    if (name === NAME) await chmod(file, 0o755);
    await symlink(relative(join(modules, ".bin"), file), join(modules, ".bin", program));
  }
}
