import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { isObject } from "../../instance/check.js";
import type { Finding } from "./finding.js";

/** The versions of Prisma that this package is tested with. */
export const SUPPORTED_PRISMA = "^6.19.0 || ^7.0.0";

/** Which Prisma the project in a folder has installed. */
export async function checkPrisma(project: string): Promise<Finding> {
  return prismaFinding(await installedVersion("@prisma/client", project), await installedVersion("prisma", project));
}

/** What there is to say of the installed versions; `null` for none. */
export function prismaFinding(client: string | null, cli: string | null): Finding {
  const found = `@prisma/client ${client ?? "not installed"}, prisma ${cli ?? "not installed"}`;
  const finding = { check: "prisma", found, expected: `${SUPPORTED_PRISMA}, both the same` };
  const version = client ?? cli;
  if (version === null) return { ...finding, ok: "note", mend: "run this in the folder of your project" };
  if (!isSupported(version))
    return {
      ...finding,
      ok: "note",
      mend: "npm install @prisma/client@7 && npm install --save-dev prisma@7",
    };
  if (client === null) return { ...finding, ok: "note", mend: `npm install @prisma/client@${version}` };
  if (cli !== null && cli !== client) return { ...finding, ok: false, mend: `npm install --save-dev prisma@${client}` };
  return { ...finding, ok: true, mend: null }; // the CLI may be left out where the client only runs
}

function isSupported(version: string): boolean {
  const [major, minor] = version.split(".").map(Number);
  return SUPPORTED_PRISMA.split(" || ").some((range) => {
    const [supportedMajor, oldestMinor] = range.slice(1).split(".").map(Number);
    return major === supportedMajor && (minor ?? 0) >= (oldestMinor ?? 0);
  });
}

async function installedVersion(name: string, project: string): Promise<string | null> {
  try {
    const path = createRequire(join(project, "package.json")).resolve(`${name}/package.json`);
    const manifest: unknown = JSON.parse(await readFile(path, "utf8"));
    return isObject(manifest) && typeof manifest.version === "string" ? manifest.version : null;
  } catch {
    return null;
  }
}
