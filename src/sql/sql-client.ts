/** A parameter: every one goes as text, and is cast in the statement. */
export type SqlValue = string | null;

/** A statement, whose parameters are `$1`, `$2` … */
export interface SqlStatement {
  /** A name under which it may be prepared, once a connection. A statement without one has no plan that serves all parameters. */
  readonly name?: string;
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** A row of texts. */
export type SqlRow = Readonly<Record<string, string | null>>;

/**
 * Sends statements to PostgreSQL: what a driver must be able to do. It must not parse values (every column is selected as
 * text), and must not spread a transaction over connections.
 *
 * The signal is checked once there is a connection, and before each statement of a transaction: an abort before the first
 * statement was sent rejects with the signal's reason. If there is no connection, the call rejects with a {@link NotExecutedError}.
 */
export interface SqlClient {
  /** Executes a statement, and returns its rows. */
  query(statement: SqlStatement, signal?: AbortSignal): Promise<readonly SqlRow[]>;
  /** Executes a statement, and returns how many rows it has changed. */
  execute(statement: SqlStatement, signal?: AbortSignal): Promise<number>;
  /** Executes statements, all or none, and returns how many rows each has changed. Inside a transaction, in that one. */
  transaction(statements: readonly SqlStatement[], signal?: AbortSignal): Promise<readonly number[]>;
  /** Whether statements go into a transaction of the user's. Read before each call: then nothing is retried and nothing grouped. */
  readonly inTransaction: boolean;
}
