import type { MigrationError } from "../../migrate/migration-error.js";
import { readMigrations } from "../../migrate/migrations-folder.js";
import { Failure, UsageFailure } from "../failure.js";
import { type MigrateCommands, migrateCommands } from "../project/migrate-commands.js";
import { BASELINE, recognise } from "../project/migration-names.js";

/** Turns the error of a migration command into a failure, with the command that fixes it. */
export async function failureOf(error: MigrationError, migrations: string): Promise<Failure> {
  const { prismaCode: code } = error;
  if (code === "P1013") return new UsageFailure(error.message);
  const message = code?.startsWith("P") === true ? `${code}: ${error.message.trim()}` : error.message.trim();
  const fix = await fixOf(error, migrations, await migrateCommands(process.cwd()));
  return new Failure(fix === undefined ? message : `${message}\n\n${fix}`, { cause: error });
}

/** How to fix a migration that did not finish. */
export function resolveFailed(name: string, { resolve }: MigrateCommands): string {
  return `Fix what failed, mark the migration as rolled back, and deploy again:\n  ${resolve("rolled-back", name)}`;
}

async function fixOf({ prismaCode, message }: MigrationError, migrations: string, commands: MigrateCommands): Promise<string | undefined> {
  switch (prismaCode) {
    case "P1003":
      return "Create it:\n  npx hephaestus-prisma migrate deploy";
    case "P3005": {
      const { migrationDirectories } = await readMigrations(migrations);
      const names = migrationDirectories.map(({ path }) => path);
      const baseline = recognise(names, BASELINE);
      return baseline && `If the tables are those of HephaestusEcto, run this once:\n  ${commands.resolve("applied", baseline)}`;
    }
    case "P3009":
    case "P3018": {
      const [, name] = /^Migration name: (.+)$/m.exec(message) ?? /^The `(.+?)` migration/m.exec(message) ?? [];
      return name && resolveFailed(name, commands);
    }
    default:
      return undefined;
  }
}
