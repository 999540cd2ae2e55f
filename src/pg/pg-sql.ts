import { InvalidClientError } from "../errors.js";
import { onAbort, reasonOf, throwIfAborted } from "../runtime/signals.js";
import type { SqlClient, SqlRow, SqlStatement } from "../sql/sql-client.js";
import { NotExecutedError } from "../storage/not-executed.js";
import type { PgClientLike, PgPoolClientLike, PgPoolLike, PgQueryable, PgResult, PgStatement, PgTypes } from "./client.js";

/** Sends statements through any connection of a pool; several that belong together, in a transaction of their own. */
export function poolSql(pool: PgPoolLike, namedStatements: boolean): SqlClient {
  const send = sender(namedStatements);
  return {
    inTransaction: false,
    query: (statement, signal) => lend(pool, signal, async (client) => (await send(client, statement)).rows),
    execute: (statement, signal) => lend(pool, signal, async (client) => (await send(client, statement)).rowCount ?? 0),
    transaction: (statements, signal) => lend(pool, signal, (client) => commit(client, statements, send, signal)),
  };
}

/** Sends all statements through the user's client, in the transaction that was begun on it. */
export function clientSql(client: PgClientLike, namedStatements: boolean): SqlClient {
  const send = sender(namedStatements);
  const sendWithin = async (statement: SqlStatement, signal: AbortSignal | undefined): Promise<PgResult<SqlRow>> => {
    throwIfAborted(signal);
    if (client.getTransactionStatus?.() === "I") throw new InvalidClientError(NO_TRANSACTION);
    return send(client, statement);
  };
  return {
    inTransaction: true,
    query: async (statement, signal) => (await sendWithin(statement, signal)).rows,
    execute: async (statement, signal) => (await sendWithin(statement, signal)).rowCount ?? 0,
    async transaction(statements, signal) {
      const counts: number[] = [];
      for (const statement of statements) counts.push((await sendWithin(statement, signal)).rowCount ?? 0);
      return counts;
    },
  };
}

const NO_TRANSACTION =
  'the client given to withTransaction is not in a transaction: it has not begun, or has ended. Say: await client.query("BEGIN")';

type Send = (client: PgQueryable, statement: SqlStatement) => PromiseLike<PgResult<SqlRow>>;

function sender(namedStatements: boolean): Send {
  return (client, { name, text, values, onText }) => {
    const statement: PgStatement = { text, values: [...values], types: onText === undefined ? AS_TEXT : telling(onText) };
    if (namedStatements && name !== undefined) statement.name = name;
    return client.query<SqlRow>(statement);
  };
}

// Not the parsers that the user has set for all of `pg`. Of a pool of binary results, a value is a Buffer.
const AS_TEXT: PgTypes = { getTypeParser: () => String };
const TEXT = 25; // PostgreSQL's number of the type

/** Reads columns as text, and tells those of type `text` as they arrive. */
function telling(onText: (text: string) => void): PgTypes {
  const tell = (value: unknown): string => {
    const text = String(value);
    onText(text);
    return text;
  };
  return { getTypeParser: (type) => (type === TEXT ? tell : String) };
}

/** Uses a client of the pool, unless the signal is aborted first. It goes back when its last statement has settled. */
async function lend<Result>(
  pool: PgPoolLike,
  signal: AbortSignal | undefined,
  use: (client: PgPoolClientLike) => Promise<Result>,
): Promise<Result> {
  throwIfAborted(signal);
  const client = await connect(pool, signal);
  // A connection that is lost between two statements fails the next one. Without a listener it would end the process.
  const ignore = (): void => {};
  client.on("error", ignore);
  let failure: Error | undefined;
  try {
    return await use(client);
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.removeListener("error", ignore);
    client.release(failure); // as `pool.query` does: after an error, the connection is closed
  }
}

/** @throws {unknown} the signal's reason; then the client, if it comes, goes back unused. */
function connect(pool: PgPoolLike, signal: AbortSignal | undefined): Promise<PgPoolClientLike> {
  return new Promise((resolve, reject) => {
    const stop = signal && onAbort(signal, () => reject(reasonOf(signal)));
    pool.connect().then(
      (client) => {
        stop?.();
        if (signal?.aborted === true) client.release();
        else resolve(client);
      },
      (cause: unknown) => {
        stop?.();
        reject(new NotExecutedError({ cause }));
      },
    );
  });
}

/** Executes statements in a transaction. Until it is committed, whatever fails has executed nothing. */
async function commit(
  client: PgPoolClientLike,
  statements: readonly SqlStatement[],
  send: Send,
  signal: AbortSignal | undefined,
): Promise<readonly number[]> {
  const command = (text: string): PromiseLike<PgResult<SqlRow>> => send(client, { text, values: [] });
  let isCommitting = false;
  try {
    await command("BEGIN");
    const counts: number[] = [];
    for (const statement of statements) {
      throwIfAborted(signal);
      counts.push((await send(client, statement)).rowCount ?? 0);
    }
    throwIfAborted(signal);
    isCommitting = true;
    await command("COMMIT");
    return counts;
  } catch (cause) {
    if (isCommitting) throw cause;
    await Promise.resolve(command("ROLLBACK")).catch(() => {}); // without a connection, the server does so itself
    throw signal?.aborted === true && cause === reasonOf(signal) ? reasonOf(signal) : new NotExecutedError({ cause });
  }
}
