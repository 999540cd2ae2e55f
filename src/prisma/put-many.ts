import { InvalidClientError } from "../errors.js";
import { checkStored } from "../postgres/check-stored.js";
import { distinctRows, upsertSql } from "../postgres/upsert.js";
import type { CheckedRow } from "../serialization/row.js";
import { type Connection, isTransaction } from "./client.js";
import { inputOf } from "./input.js";
import { tableOf } from "./table.js";

/** Upserts rows, all or none, by as few statements as there can be. */
export async function upsertRows(connection: Connection, rows: readonly CheckedRow[]): Promise<void> {
  const { client } = connection;
  const statements = await statementsFor(connection, rows);
  const counts: unknown[] = [];
  if (statements.length <= 1 || isTransaction(client)) {
    for (const statement of statements) counts.push(await statement());
  } else if (client.$transaction !== undefined) {
    counts.push(...(await client.$transaction(statements.map((statement) => statement()))));
  } else {
    throw new InvalidClientError("putMany needs a client with raw SQL or with $transaction: only they store all rows or none");
  }
  const ids = rows.map(({ id }) => id);
  // Prisma's upsert returns the row and not a count: it throws if there is none.
  checkStored(
    ids,
    counts.reduce<number>((sum, count) => sum + (typeof count === "number" ? count : 1), 0),
  );
}

async function statementsFor(connection: Connection, rows: readonly CheckedRow[]): Promise<(() => PromiseLike<unknown>)[]> {
  const { client, instances } = connection;
  const table = client.$executeRawUnsafe === undefined ? null : await tableOf(connection);
  if (table !== null)
    return upsertSql(table, rows).map(
      ({ text, values }) =>
        () =>
          client.$executeRawUnsafe?.(text, ...values) ?? Promise.resolve(0),
    );
  return distinctRows(rows).map((row) => () => {
    const { create, update } = inputOf(client, row);
    return instances.upsert({ where: { id: row.id }, create, update, select: { id: true } });
  });
}
