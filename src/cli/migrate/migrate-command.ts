import { MigrationError } from "../../migrate/migration-error.js";
import { ownMigrations } from "../../migrate/migrations-folder.js";
import { importOptional } from "../../migrate/packages/optional-package.js";
import type { Resolution } from "../../migrate/resolve-migration.js";
import { parseArguments } from "../arguments.js";
import type { Command } from "../command.js";
import { databaseUrl } from "../database-url.js";
import { Failure, UsageFailure } from "../failure.js";
import { displayPath, findProject, isFolder, type Project } from "../project/prisma-project.js";
import { deploy, resolve, status, type Verb } from "./migrate-verbs.js";
import { failureOf } from "./migration-failure.js";

const PACKAGES = ["@prisma/adapter-pg@7", "@prisma/driver-adapter-utils@7", "@prisma/schema-engine-wasm", "pg"];

const HELP = `Usage: hephaestus-prisma migrate deploy [options]
       hephaestus-prisma migrate status [options]
       hephaestus-prisma migrate resolve --applied <name> | --rolled-back <name> [options]

deploy applies your project's pending migrations, as prisma migrate deploy does and with the same record of them. status
compares the database with your migrations, and applies nothing. resolve marks one as applied, or one that failed as
rolled back. They run Prisma's schema engine as WebAssembly, for machines that can't download its binary:

  npm install ${PACKAGES.join(" ")}

  --migrations <path>  the folder of the migrations. Default: that of your Prisma config, or this package's own if there
                       is no project
  --url <url>          the database. Default: that of your Prisma config, then DATABASE_URL. Its ?schema= counts
  --config <file>      the Prisma config. Default: the one that Prisma's CLI finds
  --json               prints the result as JSON: {"migrations":"prisma/migrations","applied":[…]}, and for status also
                       "pending", "failed", "edited" and "missing"
  --applied <name>     for resolve: what the migration does is done
  --rolled-back <name> for resolve: what the migration did is undone
  -h, --help           this text

Exits with 0 when the database is up to date, 1 when a migration failed or none is this package's, or (status) when some
are pending, failed or missing, 2 if the command line is wrong. Prisma's own commands run on the same engine with this variable:

  export PRISMA_SCHEMA_ENGINE_BINARY="$PWD/node_modules/.bin/hephaestus-schema-engine"
`;

const OPTIONS = {
  migrations: { type: "string" },
  url: { type: "string" },
  config: { type: "string" },
  json: { type: "boolean", default: false },
  applied: { type: "string" },
  "rolled-back": { type: "string" },
} as const;

/** Migrations without Prisma's binary. */
export const migrateCommand: Command = { help: HELP, run };

async function run(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArguments(argv, { options: OPTIONS, allowPositionals: true });
  const verb = verbOf(positionals.join(" "), resolutionOf(values));
  const project = await findProject(values);
  const migrations = await migrationsOf(project);
  const url = urlOf(project);
  try {
    const { databaseOfUrl } = await importOptional(PACKAGES, () => import("../../migrate/postgres/url-database.js"));
    const database = databaseOfUrl(url);
    const { exitCode, data, lines } = await verb(database, { migrations, schema: project.schema });
    const text = values.json
      ? JSON.stringify({ migrations: displayPath(migrations), ...data })
      : [`${database.description}:`, ...lines].join("\n");
    process.stdout.write(`${text}\n`);
    return exitCode;
  } catch (error) {
    throw error instanceof MigrationError ? await failureOf(error, migrations) : error;
  }
}

function verbOf(name: string, resolution: Resolution | undefined): Verb {
  if (name === "resolve") {
    if (resolution === undefined) throw new UsageFailure("migrate resolve expects either --applied <name> or --rolled-back <name>");
    return resolve(resolution);
  }
  if (resolution !== undefined) throw new UsageFailure(`--${resolution.as} is an option of migrate resolve`);
  if (name === "deploy") return deploy;
  if (name === "status") return status;
  throw new UsageFailure(`expected migrate deploy, migrate status or migrate resolve, found ${`migrate ${name}`.trim()}`);
}

function resolutionOf(values: { readonly applied?: string; readonly "rolled-back"?: string }): Resolution | undefined {
  const { applied, "rolled-back": rolledBack } = values;
  if (applied !== undefined && rolledBack !== undefined) throw new UsageFailure("--applied and --rolled-back exclude each other");
  if (applied !== undefined) return { name: applied, as: "applied" };
  return rolledBack === undefined ? undefined : { name: rolledBack, as: "rolled-back" };
}

async function migrationsOf({ found, migrations }: Project): Promise<string> {
  if (!found) return ownMigrations;
  if (await isFolder(migrations)) return migrations;
  throw new Failure(
    `there is no folder ${displayPath(migrations)}: create it with npx hephaestus-prisma init, or name another with --migrations`,
  );
}

function urlOf({ url, unset }: Project): string {
  if (unset.length > 0 && url === undefined)
    throw new UsageFailure(`which database? Set ${unset.join(", ")}, which the Prisma config asks for, or give --url`);
  return databaseUrl(url);
}
