import type { SQL, TransactionSQL } from "bun";
import type { SqlClient, SqlRow, SqlStatement } from "hephaestus-prisma";

type Result = SqlRow[] & { readonly count: number };

/** On Bun's `new SQL(url)`, or on the `tx` of a transaction by `sql.begin`. */
export function bunClient(sql: SQL | TransactionSQL): SqlClient {
  const send = (on: SQL | TransactionSQL, { text, values }: SqlStatement) => on.unsafe<Result>(text, [...values]);
  const executeAll = async (on: SQL | TransactionSQL, statements: readonly SqlStatement[]) => {
    const counts: number[] = [];
    for (const statement of statements) counts.push((await send(on, statement)).count);
    return counts;
  };
  const isTransaction = "savepoint" in sql;
  return {
    inTransaction: isTransaction,
    query: async (statement) => send(sql, statement),
    execute: async (statement) => (await send(sql, statement)).count,
    transaction: async (statements) => (isTransaction ? executeAll(sql, statements) : sql.begin((tx) => executeAll(tx, statements))),
  };
}
