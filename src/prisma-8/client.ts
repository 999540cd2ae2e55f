import type { SqlRow } from "../sql/sql-client.js";

/** A statement that Prisma 8 executes. */
export interface Prisma8Plan<Row = unknown> {
  /** Never set: the type of its rows. */
  readonly _row?: Row;
}

/** Executes plans: the smallest part of Prisma 8's `tx` that the storage needs. */
export interface Prisma8TransactionLike {
  /** Executes a plan, and returns its rows. */
  query<Row>(plan: Prisma8Plan<Row>): PromiseLike<Row[]>;
  /** Executes a plan, and returns how many rows it has changed. */
  execute(plan: Prisma8Plan): PromiseLike<{ readonly affectedRows: number }>;
}

/** A statement of raw SQL whose result is known. */
export interface Prisma8Query<Row = unknown> {
  /** Makes the plan of it. */
  build(): Prisma8Plan<Row>;
}

/** What Prisma 8 makes of raw SQL. */
export interface Prisma8Raw {
  /** Says which columns it returns, and that they are texts. */
  returnsRow(columns: Readonly<Record<string, { readonly codecId: "pg/text@1"; readonly nullable: true }>>): Prisma8Query<SqlRow>;
  /** Says that it returns how many rows it has changed. */
  affectedCount(): Prisma8Query;
}

/** The smallest part of Prisma 8's `db` that the storage needs. Nothing of Prisma is imported. */
export interface Prisma8ClientLike {
  readonly raw: {
    /** Takes a template of SQL. */
    sql(texts: TemplateStringsArray, ...values: string[]): Prisma8Raw;
  };
  /** Returns what executes plans, each on any connection. */
  runtime(): Prisma8TransactionLike;
  /** Runs a function in a transaction. */
  transaction<Result>(run: (tx: Prisma8TransactionLike) => PromiseLike<Result>): PromiseLike<Result>;
}
