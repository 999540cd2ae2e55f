import { InvalidClientError } from "../errors.js";
import { throwIfAborted } from "../runtime/signals.js";
import type { SqlClient, SqlRow, SqlStatement } from "../sql/sql-client.js";
import { isTransaction, type RawClient, transact } from "./client.js";

/** Sends statements through a Prisma Client, or in its interactive transaction. */
export function prismaSql(client: RawClient, timeoutMs: number | undefined): SqlClient {
  const execute = ({ text, values }: SqlStatement, signal: AbortSignal | undefined): PromiseLike<number> => {
    throwIfAborted(signal);
    return client.$executeRawUnsafe?.(text, ...values) ?? noRawSql();
  };
  return {
    get inTransaction() {
      return isTransaction(client);
    },
    async query({ text, values }, signal) {
      throwIfAborted(signal);
      return client.$queryRawUnsafe?.<SqlRow[]>(text, ...values) ?? noRawSql();
    },
    execute: async (statement, signal) => execute(statement, signal),
    transaction: (statements, signal) => transact(client, statements.map((statement) => () => execute(statement, signal)), timeoutMs), // prettier-ignore
  };
}

function noRawSql(): never {
  throw new InvalidClientError('the option "table" needs a client with raw SQL: $queryRawUnsafe and $executeRawUnsafe');
}
