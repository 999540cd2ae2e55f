import { createHash } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { createPrismaStorage, type PrismaStorage } from "../../dist/index.js";
import { PrismaClient } from "../../generated/prisma/client.js";

/** A statement as it goes to the server. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** A database, and the ways to it. */
export interface ScaleDatabase {
  readonly url: string;
  readonly storage: PrismaStorage;
  readonly sql: pg.Client;
  /** The statement that an operation ends with. */
  lastStatementOf(operation: (storage: PrismaStorage) => Promise<unknown>): Promise<Statement>;
  close(): Promise<void>;
}

/** Connects to a database; `named` has its statements prepared once, as the README advises, so that plans may be kept. */
export async function connectDatabase(url: string, named = false): Promise<ScaleDatabase> {
  const sql = new pg.Client({ connectionString: url });
  await sql.connect();
  const client = new PrismaClient({
    adapter: new PrismaPg({ connectionString: url, max: 2 }, named ? { statementNameGenerator: nameOf } : {}),
  });
  let last: Statement | undefined;
  // The one place where the adapter shows what it sends, values and all. No name leaves the statement unnamed.
  const statementNameGenerator = (query: { sql: string; args: unknown[] }): string => {
    last = { sql: query.sql, values: query.args };
    return "";
  };
  const shown = new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: 1 }, { statementNameGenerator }) });
  const shownStorage = createPrismaStorage(shown);
  return {
    url,
    sql,
    storage: createPrismaStorage(client),
    async lastStatementOf(operation) {
      await operation(shownStorage);
      if (last === undefined) throw new Error("the operation sent no statement");
      return last;
    },
    async close() {
      await client.$disconnect();
      await shown.$disconnect();
      await sql.end();
    },
  };
}

function nameOf({ sql }: { sql: string }): string {
  return createHash("sha1").update(sql).digest("base64url");
}
