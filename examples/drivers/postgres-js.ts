import type { SqlClient, SqlRow, SqlStatement } from "hephaestus-prisma";
import type { Sql, TransactionSql } from "postgres";

/** On `postgres(url)`, or on the `sql` of a transaction by `sql.begin`. */
export function postgresJsClient(sql: Sql | TransactionSql): SqlClient {
  const send = (on: Sql | TransactionSql, { name, text, values }: SqlStatement) =>
    on.unsafe<SqlRow[]>(text, [...values], { prepare: name !== undefined });
  const executeAll = async (on: TransactionSql, statements: readonly SqlStatement[]) => {
    const counts: number[] = [];
    for (const statement of statements) counts.push((await send(on, statement)).count);
    return counts;
  };
  return {
    inTransaction: !("begin" in sql),
    query: async (statement) => send(sql, statement),
    execute: async (statement) => (await send(sql, statement)).count,
    transaction: async (statements) => ("begin" in sql ? sql.begin((tx) => executeAll(tx, statements)) : executeAll(sql, statements)),
  };
}
