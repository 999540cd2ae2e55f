import type pg from "pg";
import { messageOf } from "../failure.js";

/** A transaction that only reads, so that one connection of PgBouncer serves all of it, and nothing can be changed. */
export interface Session {
  readonly client: pg.Client;
  readonly query: <Row extends pg.QueryResultRow>(sql: string, ...values: unknown[]) => Promise<Row[]>;
  /** Reads what may fail, and returns what the database says then; the transaction goes on. */
  readonly attempt: <Result>(read: () => Promise<Result>) => Promise<Result | Rejected>;
}

/** A statement that the database rejected. */
export class Rejected {
  readonly message: string;
  /** Whether it took too long. */
  readonly timedOut: boolean;

  constructor(error: unknown) {
    this.message = messageOf(error);
    this.timedOut = error instanceof Error && "code" in error && error.code === "57014";
  }
}

/** The longest that one statement may take. */
export const STATEMENT_TIMEOUT = "10s";

/** Lends a session on a connected client. */
export async function withSession<Result>(client: pg.Client, use: (session: Session) => Promise<Result>): Promise<Result> {
  const query = async <Row extends pg.QueryResultRow>(sql: string, ...values: unknown[]): Promise<Row[]> =>
    (await client.query<Row>(sql, values)).rows;
  const session: Session = {
    client,
    query,
    async attempt(read) {
      await query("SAVEPOINT attempt");
      try {
        return await read();
      } catch (error) {
        await query("ROLLBACK TO SAVEPOINT attempt");
        return new Rejected(error);
      }
    },
  };
  await query("BEGIN READ ONLY");
  try {
    await query(`SET LOCAL statement_timeout = '${STATEMENT_TIMEOUT}'`);
    await query("SET LOCAL search_path = pg_catalog"); // so that definitions read the same everywhere
    return await use(session);
  } finally {
    await query("ROLLBACK").catch(() => {}); // if the connection is lost, its error has been thrown
  }
}
