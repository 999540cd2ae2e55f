import { installCommand } from "../../migrate/packages/package-manager.js";
import { installedVersion } from "./installed-version.js";

/** Prisma 7's CLI under a name of its own, for projects that have Prisma 8 as `prisma`. */
export const PRISMA_7 = "@prisma/prisma7";

/** The Prisma CLI that works with Prisma Client. */
export interface PrismaCli {
  readonly name: string;
  /** `null` if it isn't installed. */
  readonly version: string | null;
}

/** The Prisma CLI that a project has: Prisma 7 under its own name if that is installed, else `prisma`. */
export async function prismaCli(folder: string): Promise<PrismaCli> {
  const version = await installedVersion(PRISMA_7, folder);
  return version === null ? { name: "prisma", version: await installedVersion("prisma", folder) } : { name: PRISMA_7, version };
}

/** Whether a version of the CLI is one without Prisma Client, schema engine and `prisma generate`. */
export function isPrisma8({ version }: PrismaCli): boolean {
  return version !== null && Number.parseInt(version, 10) >= 8;
}

/** What to do in a project that has Prisma 8 only. */
export function howToAddPrisma7(): string {
  const cli = installCommand([`${PRISMA_7}@7`], { dev: true });
  return `Prisma 8 has no Prisma Client. Keep Prisma 7 beside it:\n  ${cli}\n  ${installCommand(["@prisma/client@7", "@prisma/adapter-pg@7"])}`;
}

/** The command that installs the CLI. */
export function installPrisma(version = "7"): string {
  return installCommand([`prisma@${version}`], { dev: true });
}
