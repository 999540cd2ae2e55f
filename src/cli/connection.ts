import { importOptional } from "../migrate/packages/optional-package.js";
import { isNetworkError } from "../migrate/postgres/network-error.js";
import { quoteTable } from "../sql/table-name.js";
import { type PostgresTarget, readPostgresUrl } from "../migrate/postgres/postgres-url.js";
import { poolSql } from "../pg/pg-sql.js";
import { explain, faultOf } from "../sql/faults.js";
import type { SqlClient } from "../sql/sql-client.js";
import { createSqlRows, type SqlRows } from "../sql/sql-rows.js";
import { retryingRows } from "../storage/retrying-rows.js";
import type { RowStore } from "../storage/row-store.js";
import { Failure, messageOf, UsageFailure } from "./failure.js";
import { migrateCommands } from "./project/migrate-commands.js";

/** The table of the instances, in a database that a URL names. */
export interface Database {
  /** Its qualified and quoted name. */
  readonly table: string;
  /** Its rows. A command counts and shows those too that hold no instance, and filters by all digits of a number, so it has no storage. */
  readonly rows: RowStore & Pick<SqlRows, "findWhole">;
  /** For what only the commands read. */
  readonly sql: SqlClient;
  close(): Promise<void>;
}

/** Its name, unless `@@map` has another. */
export const TABLE = "workflow_instances";

/** Connects, and makes sure that the table is there. @throws {Failure} if it isn't, or the server can't be reached. */
export async function openDatabase(url: string, name: string): Promise<Database> {
  const { config, schema } = parseUrl(url);
  const table = tableOf(name, schema);
  const { default: driver } = await importDriver();
  const pool = new driver.Pool({ ...config, max: 1 });
  pool.on("error", () => {}); // a connection that is lost while it is idle shows in the next statement
  pool.on("connect", (client) => client.on("error", () => {})); // and one that is lost in use, in the statement that uses it
  try {
    const { rows } = await pool.query<{ found: boolean }>("SELECT to_regclass($1) IS NOT NULL AS found", [table]);
    if (rows[0]?.found !== true) throw new Failure(`the database has no table ${table}. ${await howToCreate()}`);
  } catch (error) {
    await pool.end();
    throw await explainConnecting(error, new driver.Client(config));
  }
  // Without names: PgBouncer may be in between, and a command sends hardly anything twice.
  const sql = poolSql(pool, false);
  const rows = createSqlRows(sql, table);
  const retrying = retryingRows(rows, { retry: {}, timeoutMs: undefined, faultOf, explain });
  return { table, rows: { ...retrying, findWhole: (id) => rows.findWhole(id) }, sql, close: () => pool.end() };
}

/** By the migrations of the project, if it has any of this package's. */
async function howToCreate(): Promise<string> {
  const { deploy } = await migrateCommands(process.cwd());
  return `Create it:\n  ${deploy}\nIf nothing is pending, run npx hephaestus-prisma doctor: it says why`;
}

/** The qualified and quoted name of a table, which is in the URL's schema unless it says otherwise. @throws {UsageFailure} for none. */
function tableOf(name: string, schema: string): string {
  const quoted = quoteTable(name, (problem) => {
    throw new UsageFailure(`--table is invalid: ${problem}`);
  });
  const hasSchema = !/^"(?:[^"]|"")+"$/.test(quoted);
  return hasSchema ? quoted : `"${schema.replaceAll('"', '""')}".${quoted}`;
}

/** What pg connects with, and the schema, as Prisma reads a URL. @throws {UsageFailure} for a URL of another kind. */
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

async function explainConnecting(error: unknown, { host, port }: { readonly host: string; readonly port: number }): Promise<unknown> {
  if (isNetworkError(error))
    return new Failure(`can't reach the database server at ${host}:${port}: ${messageOf(error)}`, { cause: error });
  if (!(error instanceof Error && "code" in error && error.code === NO_DATABASE)) return error;
  return new Failure(`${error.message}. ${await howToCreate()}`, { cause: error });
}

const NO_DATABASE = "3D000";
