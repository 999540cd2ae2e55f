import type { PGlite, Transaction } from "@electric-sql/pglite";
import type { SqlClient, SqlRow, SqlStatement } from "hephaestus-prisma";

/** On a PGlite, or on the `tx` of a transaction by `db.transaction`. */
export function pgliteClient(db: PGlite | Transaction): SqlClient {
  const send = (on: PGlite | Transaction, { text, values }: SqlStatement) => on.query<SqlRow>(text, [...values]);
  const executeAll = async (on: Transaction, statements: readonly SqlStatement[]) => {
    const counts: number[] = [];
    for (const statement of statements) counts.push((await send(on, statement)).affectedRows ?? 0);
    return counts;
  };
  return {
    inTransaction: !("transaction" in db),
    query: async (statement) => (await send(db, statement)).rows,
    execute: async (statement) => (await send(db, statement)).affectedRows ?? 0,
    transaction: async (statements) =>
      "transaction" in db ? db.transaction((tx) => executeAll(tx, statements)) : executeAll(db, statements),
  };
}
