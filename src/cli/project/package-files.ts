import { readFile, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The file of the model, here and in a user's schema folder. */
export const MODEL_FILE = "workflow-instance.prisma";

const NAME = "hephaestus-prisma";
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** This package's model, as Prisma reads it. */
export function readOwnModel(): Promise<string> {
  return readFile(join(ROOT, "prisma", MODEL_FILE), "utf8");
}

/** The path of the model file, with its links followed. */
export function ownModelRealPath(): Promise<string> {
  return realpath(join(ROOT, "prisma", MODEL_FILE));
}

/**
 * The path of the model file as a project sees it: through its `node_modules` if the package is installed there, because
 * the real path may have the version in its name.
 */
export async function ownModelPath(folder: string): Promise<string> {
  const root = await realpath(ROOT);
  for (let at = folder; ; at = dirname(at)) {
    const installed = join(at, "node_modules", NAME);
    if ((await realpath(installed).catch(() => undefined)) === root) return join(installed, "prisma", MODEL_FILE);
    if (at === dirname(at)) return join(root, "prisma", MODEL_FILE);
  }
}
