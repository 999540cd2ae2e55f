import type { SqlClient, SqlRow, SqlStatement } from "hephaestus-prisma";
import { CompiledQuery, type Kysely } from "kysely";

/** On a Kysely, or on the `trx` of a transaction of it. */
export function kyselyClient(db: Kysely<any>): SqlClient {
  const send = (on: Kysely<any>, { text, values }: SqlStatement) =>
    on.withoutPlugins().executeQuery<SqlRow>(CompiledQuery.raw(text, [...values]));
  const execute = async (on: Kysely<any>, statement: SqlStatement) => Number((await send(on, statement)).numAffectedRows ?? 0);
  const executeAll = async (on: Kysely<any>, statements: readonly SqlStatement[]) => {
    const counts: number[] = [];
    for (const statement of statements) counts.push(await execute(on, statement));
    return counts;
  };
  return {
    inTransaction: db.isTransaction,
    query: async (statement) => (await send(db, statement)).rows,
    execute: async (statement) => execute(db, statement),
    transaction: async (statements) =>
      db.isTransaction ? executeAll(db, statements) : db.transaction().execute((trx) => executeAll(trx, statements)),
  };
}
