import { sql } from "drizzle-orm";
import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import type { SqlClient, SqlRow, SqlStatement } from "hephaestus-prisma";

type Database = Pick<NodePgDatabase, "execute" | "transaction">;

/** On a drizzle over `pg`, or on the `tx` of a transaction of it. */
export function drizzleClient(db: Database): SqlClient {
  const send = (on: Database, { text, values }: SqlStatement) => {
    const [first = "", ...rest] = text.split(/\$(\d+)(?=::text)/); // text, number of a parameter, text …
    const parts = rest.map((part, n) => (n % 2 === 0 ? sql`${values[Number(part) - 1]}` : sql.raw(part)));
    return on.execute<SqlRow>(sql.join([sql.raw(first), ...parts]));
  };
  const executeAll = async (on: Database, statements: readonly SqlStatement[]) => {
    const counts: number[] = [];
    for (const statement of statements) counts.push((await send(on, statement)).rowCount ?? 0);
    return counts;
  };
  const isTransaction = "rollback" in db;
  return {
    inTransaction: isTransaction,
    query: async (statement) => (await send(db, statement)).rows,
    execute: async (statement) => (await send(db, statement)).rowCount ?? 0,
    transaction: async (statements) => (isTransaction ? executeAll(db, statements) : db.transaction((tx) => executeAll(tx, statements))),
  };
}
