import { parseArgs } from "node:util";
import { MigrationError } from "../migration-error.js";
import { parsePostgresUrl } from "../postgres/postgres-target.js";
import type { PostgresTarget } from "../postgres/postgres-url.js";

/** The arguments with which Prisma's CLI starts the engine. */
export interface EngineArguments {
  /** Files of the Prisma schema. */
  readonly datamodels: readonly string[];
  readonly url: string | undefined;
  readonly shadowDatabaseUrl: string | undefined;
  /** `--version`: print it and end. */
  readonly version: boolean;
  /** `cli <command>`: run that one command and end. Without it, serve requests. */
  readonly command: string | undefined;
}

/** Reads the native engine's command line. Flags that mean nothing to this engine are accepted and ignored. */
export function parseEngineArguments(argv: readonly string[]): EngineArguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      datamodels: { type: "string", short: "d", multiple: true, default: [] },
      datasource: { type: "string", default: "{}" },
      version: { type: "boolean", short: "V", default: false },
      "enabled-preview-features": { type: "string" },
      "extension-types": { type: "string" },
    },
  });
  const [mode, command] = positionals;
  const datasource: unknown = JSON.parse(values.datasource);
  return {
    datamodels: values.datamodels,
    url: textAt(datasource, "url"),
    shadowDatabaseUrl: textAt(datasource, "shadowDatabaseUrl"),
    version: values.version,
    command: mode === "cli" ? (command ?? "") : undefined,
  };
}

/** The database to migrate. @throws {MigrationError} if there is no URL, or one that isn't PostgreSQL's. */
export function targetOfArguments({ url }: EngineArguments): PostgresTarget {
  if (!url) throw new MigrationError("The datasource.url property is required: set it in prisma.config.ts, or set DATABASE_URL.");
  return parsePostgresUrl(url);
}

/** The shadow database. @throws {MigrationError} if it is the main database, which its reset would empty. */
export function shadowOfArguments({ url, shadowDatabaseUrl }: EngineArguments): PostgresTarget | undefined {
  if (!shadowDatabaseUrl) return undefined;
  if (shadowDatabaseUrl === url) {
    throw new MigrationError(
      "The shadow database you configured appears to be the same as the main database. Please specify another shadow database.",
    );
  }
  return parsePostgresUrl(shadowDatabaseUrl);
}

function textAt(value: unknown, key: string): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const text: unknown = Reflect.get(value, key);
  return typeof text === "string" && text !== "" ? text : undefined;
}
