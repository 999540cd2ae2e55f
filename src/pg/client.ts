/** A statement as `pg` takes it. */
export interface PgStatement {
  /** Prepares the statement under this name, once a connection. */
  name?: string;
  text: string;
  values: unknown[];
  /** How the columns of this statement's rows are read, instead of by the parsers that are set globally. */
  types: PgTypes;
}

/** Reads columns by the ids of their types. */
export interface PgTypes {
  /** Returns what reads the columns of a type: from text or, on a pool of binary results, from bytes. */
  getTypeParser(type: number, format?: string): (value: unknown) => unknown;
}

/** What a statement returns. */
export interface PgResult<Row> {
  readonly rows: Row[];
  /** How many rows the statement has changed or returned. */
  readonly rowCount: number | null;
}

/** Executes statements: a pool or a client. A method, not a function property: those of `pg` have overloads. */
export interface PgQueryable {
  /** Executes one statement. */
  query<Row extends object>(statement: PgStatement): PromiseLike<PgResult<Row>>;
}

/** The smallest part of a `pg` client that a transaction needs. */
export interface PgClientLike extends PgQueryable {
  /** Never read. Its absence marks a client: only a pool counts its connections. */
  readonly totalCount?: never;
  /** Returns `"I"` outside of a transaction; `pg` has it from 8.23 on. */
  getTransactionStatus?(): string | null;
}

/** The same for a client that a pool has lent. */
export interface PgPoolClientLike extends PgQueryable {
  /** Listens for the loss of the connection. */
  on(event: "error", listener: (error: Error) => void): unknown;
  /** Ends listening. */
  removeListener(event: "error", listener: (error: Error) => void): unknown;
  /** Returns the client to its pool, which closes its connection after an error. */
  release(error?: Error | boolean): void;
}

/**
 * The smallest part of a `pg` pool that the storage needs. Pools of `pg`, of `@neondatabase/serverless` and others like
 * them fit, and `pg` is never imported.
 */
export interface PgPoolLike extends PgQueryable {
  /** Lends a client. */
  connect(): PromiseLike<PgPoolClientLike>;
}
