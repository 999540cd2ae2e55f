import type pg from "pg";
import { importOptional } from "../migrate/packages/optional-package.js";
import { isNetworkError } from "../migrate/postgres/network-error.js";
import { type PostgresTarget, readPostgresUrl } from "../migrate/postgres/postgres-url.js";
import { Failure, messageOf, UsageFailure } from "./failure.js";

/** The table of the instances, in a database that a URL names. */
export interface Database {
  /** Its qualified and quoted name. */
  readonly table: string;
  /** The first row that a query answers. */
  first(sql: string, values: unknown[]): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** All rows that a query answers: it is the query that says what they are. Timestamps are Dates, in UTC as they are stored. */
  rows<Row extends object>(sql: string, values: unknown[]): Promise<Row[]>;
  /** Runs a statement, and returns how many rows it was about. */
  execute(sql: string, values: unknown[]): Promise<number>;
  close(): Promise<void>;
}

/** Its name, where `@@map` says no other. */
export const TABLE = "workflow_instances";

/** Connects, and makes sure that the table is there. @throws {Failure} where it isn't, or the server can't be reached. */
export async function openDatabase(url: string): Promise<Database> {
  const { config, schema } = parseUrl(url);
  const { default: driver } = await importDriver();
  const pool = new driver.Pool({ ...config, max: 1 });
  pool.on("error", () => {}); // a connection that is lost while it is idle shows in the next statement
  // To pg, a timestamp without time zone is in the zone of this process.
  pool.on("connect", (client) => client.setTypeParser(driver.types.builtins.TIMESTAMP, (text) => new Date(`${text.replace(" ", "T")}Z`)));
  const name = `${driver.escapeIdentifier(schema)}.${driver.escapeIdentifier(TABLE)}`;
  const database: Database = {
    table: name,
    execute: async (sql, values) => (await pool.query(sql, values)).rowCount ?? 0,
    first: async (sql, values) => (await pool.query<Readonly<Record<string, unknown>>>(sql, values)).rows[0],
    rows: async <Row extends object>(sql: string, values: unknown[]) => (await pool.query<Row>(sql, values)).rows,
    close: () => pool.end(),
  };
  try {
    const found = await database.first("SELECT to_regclass($1) IS NOT NULL AS found", [name]);
    if (found?.found === true) return database;
    throw new Failure(`the database has no table ${name}. Has it been migrated? npx prisma migrate deploy does so`);
  } catch (error) {
    await database.close();
    throw isNetworkError(error) ? unreachable(error, new driver.Client(config)) : error;
  }
}

/** What pg connects with, and the schema, as Prisma reads a URL. @throws {UsageFailure} for one of another kind. */
export function parseUrl(text: string): PostgresTarget {
  const target = readPostgresUrl(text);
  // The text isn't repeated: it may hold a password.
  if (target === null)
    throw new UsageFailure("the URL is invalid: expected one like postgresql://user:password@host:5432/database?schema=public");
  return { ...target, config: { ...target.config, application_name: "hephaestus-prisma" } };
}

/** pg, which users of other drivers need not have. @throws {MissingPackageError} if it isn't installed. */
export function importDriver(): Promise<typeof import("pg")> {
  return importOptional(["pg"], () => import("pg"));
}

function unreachable(error: Error, { host, port }: pg.Client): Failure {
  return new Failure(`can't reach the database server at ${host}:${port}: ${messageOf(error)}`, { cause: error });
}
