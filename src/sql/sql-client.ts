/** A parameter: every one goes as text, and is cast in the statement. */
export type SqlValue = string;

/** A statement of a storage. */
export interface SqlStatement {
  /**
   * A name under which it may be prepared, once a connection. A statement without one must not be prepared: it has no plan
   * that serves all parameters.
   */
  readonly name?: string;
  /** SQL whose parameters are `$1::text`, `$2::text` …, and whose result's columns are `… ::text` or `… ::varchar AS name`. */
  readonly text: string;
  readonly values: readonly SqlValue[];
  /**
   * Takes the value of the one column of type `text` of each row, in their order. A client whose driver has a place for it
   * calls it as the rows arrive, so that states are parsed while the server still writes the next ones; others never do.
   */
  readonly onText?: (text: string) => void;
}

/** A row of texts, by the names of the columns. */
export type SqlRow = Readonly<Record<string, string | null>>;

/**
 * Sends the statements of a storage to PostgreSQL: what `createSqlStorage` needs of a driver. It must not parse values (every
 * column is a text), must not spread a transaction over connections, and must not retry. The driver's errors pass as they are:
 * the storage finds the SQLSTATE in their `code`, `sqlState`, `errno` or cause.
 *
 * A client that knows that nothing was executed rejects with a {@link NotExecutedError}. One that checks the signal once it has
 * a connection, and before each statement of a transaction, rejects with its reason. Neither is required: without them, more
 * writes that fail end in `OUTCOME_UNKNOWN`.
 *
 * @example
 * ```ts
 * const client: SqlClient = {
 *   inTransaction: false,
 *   query: async ({ text, values }) => (await db.query<SqlRow>(text, [...values])).rows,
 *   execute: async ({ text, values }) => (await db.query(text, [...values])).affectedRows ?? 0,
 *   transaction: (statements) => db.transaction((tx) => executeAll(tx, statements)),
 * };
 * ```
 */
export interface SqlClient {
  /** Executes a statement, and returns its rows. */
  query(statement: SqlStatement, signal?: AbortSignal): Promise<readonly SqlRow[]>;
  /** Executes a statement, and returns how many rows it has inserted, changed or deleted. */
  execute(statement: SqlStatement, signal?: AbortSignal): Promise<number>;
  /** Executes statements in order, all or none, and returns the counts. Inside a transaction of yours, in that one. */
  transaction(statements: readonly SqlStatement[], signal?: AbortSignal): Promise<readonly number[]>;
  /** Whether statements go into a transaction of yours. Read before each call: then nothing is retried and nothing grouped. */
  readonly inTransaction: boolean;
}
