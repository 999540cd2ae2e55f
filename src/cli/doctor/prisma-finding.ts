import { installCommand } from "../../migrate/packages/package-manager.js";
import { installedVersion } from "../project/installed-version.js";
import { howToAddPrisma7, isPrisma8, type PrismaCli, prismaCli } from "../project/prisma-cli.js";
import type { Finding } from "./finding.js";

const SUPPORTED_PRISMA = "^6.19.0 || ^7.0.0";

/** Checks which Prisma the project in a folder has installed. */
export async function checkPrisma(project: string): Promise<Finding[]> {
  const client = await installedVersion("@prisma/client", project);
  return [versionsFinding(client, await prismaCli(project))];
}

function versionsFinding(client: string | null, cli: PrismaCli): Finding {
  const found = `@prisma/client ${client ?? "not installed"}, ${cli.name} ${cli.version ?? "not installed"}`;
  const finding = { check: "prisma", found, expected: `${SUPPORTED_PRISMA}, both the same` };
  const version = client ?? cli.version;
  if (version === null) return { ...finding, ok: "note", fix: "run this in the folder of your project" };
  if (isPrisma8(cli)) return { ...finding, ok: "note", fix: howToAddPrisma7() };
  if (!isSupported(version))
    return { ...finding, ok: "note", fix: `${installCommand(["@prisma/client@7"])}\n${installCommand(["prisma@7"], { dev: true })}` };
  if (client === null) return { ...finding, ok: "note", fix: installCommand([`@prisma/client@${version}`]) };
  // Without a CLI, the client is only run. Patches of one minor version fit together, and aren't always published together.
  if (cli.version === null || cli.version === client) return { ...finding, ok: true, fix: null };
  const fix = installCommand([`${cli.name}@${client}`], { dev: true });
  return { ...finding, ok: minorOf(cli.version) === minorOf(client) ? "note" : false, fix };
}

function isSupported(version: string): boolean {
  const [major, minor] = version.split(".").map(Number);
  return SUPPORTED_PRISMA.split(" || ").some((range) => {
    const [supportedMajor, oldestMinor] = range.slice(1).split(".").map(Number);
    return major === supportedMajor && (minor ?? 0) >= (oldestMinor ?? 0);
  });
}

function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}
