import { EventEmitter } from "node:events";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  ColumnTypeEnum,
  isDriverAdapterError,
  type SqlDriverAdapter,
  type SqlQuery,
  type SqlResultSet,
  type Transaction,
} from "@prisma/driver-adapter-utils";
import pg from "pg";
import { connectionError } from "./connection-error.js";
import type { PostgresTarget } from "./postgres-url.js";
import { scriptError } from "./script-error.js";

const CHAR = 18; // PostgreSQL's one-byte type `"char"`, which its catalogs use
const NAME = 19; // and the type of its identifiers
const TEXT = pg.types.builtins.TEXT;

interface RowDescription {
  readonly fields: readonly { dataTypeID: number }[];
}

/**
 * Connects adapter-pg the way migrations need it (measured with 7.10.0):
 * all on one connection, since the engine's advisory lock, `search_path` and a script's own `SET` belong to the session;
 * scripts sent whole, since adapter-pg cuts them at every `;`, also inside `$$` bodies, strings and comments;
 * `"char"` read as a character, since adapter-pg can't map it and introspection needs it; `name` as text, since that of
 * Prisma 6 can't map it either.
 */
export async function connectPostgres(target: PostgresTarget): Promise<SqlDriverAdapter> {
  const adapter = await new PrismaPg({ ...target.config, max: 1, min: 0, idleTimeoutMillis: 0 }, { schema: target.schema }).connect();
  const pool = adapter.underlyingDriver();
  const schema = pg.escapeIdentifier(target.schema);
  let client: pg.PoolClient | undefined;
  let charColumns: readonly number[] = []; // of the query that runs: on one connection, there is one at a time
  pool.on("connect", (connected) => {
    client = connected;
    client.on("error", () => {}); // a connection that is lost fails the next query, and must not end the process
    connectionOf(client)?.prependListener("rowDescription", ({ fields }: RowDescription) => {
      charColumns = fields.flatMap(({ dataTypeID }, index) => (dataTypeID === CHAR ? [index] : []));
      for (const field of fields) if (field.dataTypeID === CHAR || field.dataTypeID === NAME) field.dataTypeID = TEXT;
    });
  });

  // Begun by the first query, not while connecting: only for a failed query, the engine writes Prisma's text of the reason.
  const pin = adapter.startTransaction.bind(adapter);
  let opening: Promise<Transaction> | undefined;
  const session = (): Promise<Transaction> => (opening ??= openSession(pin, target));

  return Object.assign(adapter, {
    async queryRaw(query: SqlQuery): Promise<SqlResultSet> {
      const opened = await session();
      charColumns = [];
      const result = await opened.queryRaw(query);
      for (const index of charColumns) result.columnTypes[index] = ColumnTypeEnum.Character;
      return result;
    },
    async executeRaw(query: SqlQuery): Promise<number> {
      if (query.sql.includes("pg_advisory_lock") && isAdvisoryLockDisabled()) return 0;
      const opened = await session();
      return opened.executeRaw(query).catch((error: unknown) => {
        // The engine creates a missing schema before it takes the lock: another deployment may be faster.
        if (query.sql === `CREATE SCHEMA ${schema}` && isDuplicate(error)) return 0;
        throw error;
      });
    },
    async executeScript(script: string): Promise<void> {
      await session();
      try {
        await client?.query(script);
      } catch (error) {
        throw scriptError(error, script);
      }
    },
    startTransaction: () => Promise.reject(new Error("Migrations have one connection, and no transactions of the adapter's on it")),
    async dispose(): Promise<void> {
      const opened = await opening?.catch(() => undefined);
      await opened?.commit(); // gives the connection back
      await pool.end();
    },
  });
}

/**
 * Pins one connection. adapter-pg pins one only for a transaction, and otherwise closes the connection after any error; so
 * a transaction is begun, and ended at once on the server.
 */
async function openSession(pin: () => Promise<Transaction>, target: PostgresTarget): Promise<Transaction> {
  let session: Transaction | undefined;
  try {
    session = await pin();
    await session.executeRaw(statement("COMMIT"));
    await session.executeRaw(statement(`SET search_path = ${pg.escapeIdentifier(target.schema)}`));
    return session;
  } catch (error) {
    await session?.rollback();
    throw connectionError(error, target);
  }
}

function statement(sql: string): SqlQuery {
  return { sql, args: [], argTypes: [] };
}

const DUPLICATES = ["42P06", "23505"]; // duplicate_schema, and unique_violation if both were creating it

function isDuplicate(error: unknown): boolean {
  return error instanceof Error && isDriverAdapterError(error) && DUPLICATES.includes(error.cause.originalCode ?? "");
}

// `connection` is public in `pg` but absent from the type of a pooled client, which may be of another class.
function connectionOf(client: pg.PoolClient): EventEmitter | undefined {
  return "connection" in client && client.connection instanceof EventEmitter ? client.connection : undefined;
}

// Documented by Prisma, for poolers that lend a connection for one transaction only.
function isAdvisoryLockDisabled(): boolean {
  return ["1", "true"].includes(process.env["PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK"] ?? "");
}
