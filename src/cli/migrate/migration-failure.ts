import type { MigrationError } from "../../migrate/migration-error.js";
import { readMigrations } from "../../migrate/migrations-folder.js";
import { Failure, UsageFailure } from "../failure.js";
import { BASELINE, recognise } from "../project/migration-names.js";

/** Makes a failed migration command what the user is told, with the command that mends it. */
export async function failureOf(error: MigrationError, migrations: string): Promise<Failure> {
  if (error.code === "P1013") return new UsageFailure(error.message);
  const told = error.code?.startsWith("P") === true ? `${error.code}: ${error.message.trim()}` : error.message.trim();
  const mend = await mendOf(error, migrations);
  return new Failure(mend === undefined ? told : `${told}\n\n${mend}`, { cause: error });
}

/** What mends a migration that did not finish. */
export function resolveFailed(name: string): string {
  return `Mend what failed, say so, and deploy again:\n  npx prisma migrate resolve --rolled-back ${name}`;
}

async function mendOf({ code, message }: MigrationError, migrations: string): Promise<string | undefined> {
  switch (code) {
    case "P1003":
      return "This creates it:\n  npx hephaestus-prisma migrate deploy";
    case "P3005": {
      const { migrationDirectories } = await readMigrations(migrations);
      const names = migrationDirectories.map(({ path }) => path);
      const baseline = recognise(names, BASELINE);
      return baseline && `Where HephaestusEcto has made its tables, say so once:\n  npx prisma migrate resolve --applied ${baseline}`;
    }
    case "P3009":
    case "P3018": {
      const [, name] = /^Migration name: (.+)$/m.exec(message) ?? /^The `(.+?)` migration/m.exec(message) ?? [];
      return name && resolveFailed(name);
    }
    default:
      return undefined;
  }
}
