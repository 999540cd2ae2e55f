import type { Sql } from "../sql/select.js";
import type { PgPoolClientLike, PgPoolLike, PgQueryable, PgResult, PgStatement } from "./client.js";

/** Sends statements through a pool, or in a transaction of the user's. */
export interface PgConnection {
  /** Whether all statements go into one transaction of the user's. */
  readonly isTransaction: boolean;
  readonly send: <Row extends object>(statement: Sql, naming?: Naming) => Promise<PgResult<Row>>;
  /** Sends statements, all or none, and returns how many rows they were about. */
  readonly sendAll: (statements: readonly Sql[]) => Promise<number>;
}

/** Whether a statement is prepared: one whose plan is the same for all parameters, as those by id have. */
type Naming = "named" | "unnamed";

type NameOf = (text: string) => string | undefined;

const AS_TEXT: PgStatement["types"] = { getTypeParser: () => (text) => text };

/** Each statement goes through any connection of the pool; several that belong together, in a transaction of their own. */
export function connectionOfPool(pool: PgPoolLike, nameOf: NameOf): PgConnection {
  const send = sender(pool, nameOf);
  return {
    isTransaction: false,
    send,
    async sendAll([first, ...more]) {
      if (first === undefined) return 0;
      if (more.length > 0) return inTransaction(await pool.connect(), nameOf, [first, ...more]);
      return (await send(first)).rowCount ?? 0;
    },
  };
}

/** All statements go through the user's client, in the transaction that was begun on it. */
export function connectionOfClient(client: PgQueryable, nameOf: NameOf): PgConnection {
  const send = sender(client, nameOf);
  return {
    isTransaction: true,
    send,
    sendAll: (statements) => sendEach(send, statements),
  };
}

function sender(queryable: PgQueryable, nameOf: NameOf): PgConnection["send"] {
  return async <Row extends object>({ text, values }: Sql, naming: Naming = "named") => {
    const name = naming === "named" ? nameOf(text) : undefined;
    const statement: PgStatement = { text, values, types: AS_TEXT };
    if (name !== undefined) statement.name = name;
    return queryable.query<Row>(statement);
  };
}

async function sendEach(send: PgConnection["send"], statements: readonly Sql[]): Promise<number> {
  let count = 0;
  for (const statement of statements) count += (await send(statement)).rowCount ?? 0;
  return count;
}

async function inTransaction(client: PgPoolClientLike, nameOf: NameOf, statements: readonly Sql[]): Promise<number> {
  const send = sender(client, nameOf);
  const command = (text: string): Promise<PgResult<object>> => send({ text, values: [] }, "unnamed");
  // A connection that is lost between two statements fails the next one. Without a listener it would end the process.
  const ignore = (): void => {};
  client.on("error", ignore);
  let failure: Error | undefined;
  try {
    await command("BEGIN");
    const count = await sendEach(send, statements);
    await command("COMMIT");
    return count;
  } catch (error) {
    await command("ROLLBACK").catch((reason: unknown) => (failure = reason instanceof Error ? reason : new Error(String(reason))));
    throw error;
  } finally {
    client.removeListener("error", ignore);
    client.release(failure);
  }
}
