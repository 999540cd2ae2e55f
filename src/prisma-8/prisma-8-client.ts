import { throwIfAborted } from "../runtime/signals.js";
import type { SqlClient, SqlStatement } from "../sql/sql-client.js";
import type { Prisma8ClientLike, Prisma8Raw, Prisma8TransactionLike } from "./client.js";

/**
 * Sends the statements of `createSqlStorage` through Prisma 8's raw lane: its connections, its transactions, and its middleware,
 * which sees every statement. With `tx`, they go into that transaction.
 *
 * @example
 * ```ts
 * const storage = createSqlStorage(prisma8Client(db));
 * await db.transaction(async (tx) => {
 *   await tx.orm.public.Order.create({ id: "4711", total: 1999 });
 *   await storage.withTransaction(prisma8Client(db, tx)).insert(createInstance({ id: "order::4711", workflow: "Order.V1" }));
 * });
 * ```
 */
export function prisma8Client(db: Prisma8ClientLike, tx?: Prisma8TransactionLike): SqlClient {
  const on = (): Prisma8TransactionLike => tx ?? db.runtime();
  const execute = async (within: Prisma8TransactionLike, statement: SqlStatement): Promise<number> =>
    (await within.execute(rawOf(db, statement).affectedCount().build())).affectedRows;
  return {
    inTransaction: tx !== undefined,
    query: async (statement) => on().query(rawOf(db, statement).returnsRow(columnsOf(statement)).build()),
    execute: async (statement) => execute(on(), statement),
    async transaction(statements, signal) {
      const executeAll = async (within: Prisma8TransactionLike): Promise<number[]> => {
        const counts: number[] = [];
        for (const statement of statements) {
          throwIfAborted(signal);
          counts.push(await execute(within, statement));
        }
        return counts;
      };
      return tx === undefined ? db.transaction(executeAll) : executeAll(tx);
    },
  };
}

/** A statement as a template, of which Prisma makes raw SQL. */
function rawOf(db: Prisma8ClientLike, { text, values }: SqlStatement): Prisma8Raw {
  const parts = text.split(/\$(\d+)(?=::text)/); // text, number of a parameter, text …
  const texts = parts.filter((_, n) => n % 2 === 0);
  const parameters = parts.filter((_, n) => n % 2 === 1).map((number) => values[Number(number) - 1] ?? "");
  return db.raw.sql(Object.assign(texts, { raw: texts }), ...parameters);
}

function columnsOf({ text }: SqlStatement): Parameters<Prisma8Raw["returnsRow"]>[0] {
  const names = [...text.matchAll(/::(?:text|varchar) AS (\w+)/g)].map(([, name = ""]) => name);
  return Object.fromEntries(names.map((name) => [name, { codecId: "pg/text@1", nullable: true }]));
}
