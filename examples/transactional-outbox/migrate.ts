import { fileURLToPath } from "node:url";
import type { PrismaPg } from "@prisma/adapter-pg";
import { deployMigrations } from "hephaestus-prisma/migrate";

const migrations = fileURLToPath(new URL("prisma/migrations", import.meta.url));

/** Applies hephaestus-prisma's migrations and the shop's own. If you use Prisma's CLI, copy the former into your folder. */
export async function migrate(adapter: PrismaPg): Promise<void> {
  await deployMigrations(adapter);
  await deployMigrations(adapter, { migrations });
}
