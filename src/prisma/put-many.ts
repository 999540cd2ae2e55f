import { InvalidClientError } from "../errors.js";
import { checkStored } from "../sql/check-stored.js";
import { faultOf } from "../sql/faults.js";
import { distinctRows, upsertSql } from "../sql/upsert.js";
import type { CheckedRow } from "../state/row.js";
import { type Connection, isTransaction } from "./client.js";
import { inputOf, notKept } from "./input.js";
import { noTable, rawTableIfAny } from "./table.js";

/** Upserts rows, all or none, by as few statements as there can be. */
export async function upsertRows(connection: Connection, rows: readonly CheckedRow[]): Promise<void> {
  const { client } = connection;
  const { table, cause } = await rawTableIfAny(connection);
  const statements =
    table === null
      ? distinctRows(rows).map((row) => upsertOf(connection, row))
      : upsertSql(table.name, rows, table.distributed).map(
          ({ text, values }) =>
            () =>
              client.$executeRawUnsafe?.(text, ...values) ?? Promise.resolve(0),
        );
  const counts: unknown[] = [];
  if (statements.length <= 1 || isTransaction(client)) {
    for (const statement of statements) counts.push(await statement());
  } else if (client.$transaction !== undefined) {
    try {
      counts.push(...(await client.$transaction(statements.map((statement) => statement()))));
    } catch (error) {
      if (cause === undefined || faultOf(error) !== null) throw error;
      throw noTable("to store all instances or none, a client without transactions needs", error);
    }
  } else {
    throw new InvalidClientError("putMany needs a client with raw SQL or with $transaction: only they store all rows or none");
  }
  const ids = rows.map(({ id }) => id);
  // Prisma's upsert returns the row and not a count, and null if a trigger has suppressed the row.
  const stored = counts.map((count) => (typeof count === "number" ? count : count === null ? 0 : 1));
  checkStored(
    ids,
    stored.reduce<number>((sum, count) => sum + count, 0),
  );
}

function upsertOf(connection: Connection, row: CheckedRow): () => PromiseLike<unknown> {
  const input = inputOf(connection, row);
  if (input === null) throw notKept(row.stateText);
  return () => connection.instances.upsert({ where: { id: row.id }, ...input, select: { id: true } });
}
