import { fetchCommand } from "../../migrate/packages/package-manager.js";
import { isPrisma8, PRISMA_7, prismaCli } from "./prisma-cli.js";

/** The command lines that a hint may name in a project. */
export interface MigrateCommands {
  readonly deploy: string;
  /** Generates the client. */
  readonly generate: string;
  /** Runs a script. */
  readonly execute: (script: string) => string;
  readonly resolve: (as: "applied" | "rolled-back", migration: string) => string;
}

/** Those of the Prisma that a project has, or else this package's own: `npx prisma` would fetch another version. */
export async function migrateCommands(folder: string): Promise<MigrateCommands> {
  const cli = await prismaCli(folder);
  const hasPrisma = cli.version !== null && !isPrisma8(cli);
  const program = hasPrisma ? `npx ${cli.name === PRISMA_7 ? "prisma7" : cli.name}` : "npx hephaestus-prisma";
  return {
    deploy: `${program} migrate deploy`,
    generate: hasPrisma ? `${program} generate` : fetchCommand("prisma@7 generate"),
    execute: (script) => (hasPrisma ? `${program} db execute --file ${script}` : `psql "$DATABASE_URL" --file ${script}`),
    resolve: (as, migration) => `${program} migrate resolve --${as} ${migration}`,
  };
}
