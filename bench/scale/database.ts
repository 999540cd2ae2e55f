import pg from "pg";
import { createPrismaStorage, type PrismaStorage } from "../../dist/index.js";
import { createClient, nameStatements } from "../prisma-client.js";

// By SQL: containment is measured too.
const TABLE = "public.workflow_instances";

/** A statement as it is sent to the server. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** A database, and the connections to it. */
export interface ScaleDatabase {
  readonly storage: PrismaStorage;
  readonly sql: pg.Client;
  /** The last statement that an operation sends. */
  lastStatementOf(operation: (storage: PrismaStorage) => Promise<unknown>): Promise<Statement>;
  close(): Promise<void>;
}

/** Connects to a database; with `named`, statements are prepared once, as the README advises, so that plans may be kept. */
export async function connectDatabase(url: string, named = false): Promise<ScaleDatabase> {
  const sql = new pg.Client({ connectionString: url });
  await sql.connect();
  const client = await createClient({ url, pool: 2 }, named ? nameStatements() : undefined);
  let last: Statement | undefined;
  // The one hook of the adapter that sees statements with their values. An empty name leaves the statement unnamed.
  const observed = await createClient({ url, pool: 1 }, (query) => {
    last = { sql: query.sql, values: query.args };
    return "";
  });
  const observedStorage = createPrismaStorage(observed, { table: TABLE });
  return {
    sql,
    storage: createPrismaStorage(client, { table: TABLE }),
    async lastStatementOf(operation) {
      await operation(observedStorage);
      if (last === undefined) throw new Error("the operation sent no statement");
      return last;
    },
    async close() {
      await client.$disconnect();
      await observed.$disconnect();
      await sql.end();
    },
  };
}
