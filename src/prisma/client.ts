import type { CountColumn } from "../storage/options.js";
import type { InstanceOrder, InstanceWhere } from "../storage/selection.js";
import type { InstanceRow, SummaryRow } from "../serialization/row.js";

/** Asks for exactly some columns. */
export type Select<Row> = { readonly [column in keyof Row]: true };
export const COLUMNS: Select<InstanceRow> = { id: true, workflow: true, workflowVersion: true, status: true, state: true };
export const SUMMARY_COLUMNS: Select<SummaryRow> = {
  id: true,
  workflow: true,
  workflowVersion: true,
  status: true,
  insertedAt: true,
  updatedAt: true,
};

/** The columns of a row that are written if the id is free. */
export interface InstanceCreate extends InstanceRow {
  readonly state: object;
  readonly insertedAt: Date;
  readonly updatedAt: Date;
}

/** The columns that are written if the id is taken. */
export type InstanceUpdate = Omit<InstanceCreate, "id" | "workflowVersion" | "insertedAt">;

interface FindMany<Row> {
  where: InstanceWhere;
  orderBy: InstanceOrder[];
  select: Select<Row>;
  take?: number;
}

/** What we call on the client's model. Methods, not function properties: the generated ones are generic. */
interface InstanceVerbs {
  findUnique(args: { where: { id: string }; select: Select<InstanceRow> }): PromiseLike<InstanceRow | null>;
  findMany(args: FindMany<InstanceRow>): PromiseLike<InstanceRow[]>;
  count(args: { where: InstanceWhere }): PromiseLike<number>;
  groupBy(args: {
    by: CountColumn[];
    where: InstanceWhere;
    _count: { _all: true };
  }): PromiseLike<({ readonly [column in CountColumn]?: string | number } & { readonly _count: { readonly _all: number } })[]>;
  upsert(args: {
    where: { id: string };
    create: InstanceCreate;
    update: InstanceUpdate;
    select: { id: true };
  }): PromiseLike<{ id: string }>;
  createMany(args: { data: InstanceCreate[]; skipDuplicates: true }): PromiseLike<{ count: number }>;
  updateMany(args: { where: InstanceWhere; data: InstanceUpdate }): PromiseLike<{ count: number }>;
  deleteMany(args: { where: { id: string } }): PromiseLike<{ count: number }>;
}

/** Apart from the other: a generic method fits two interfaces, but no overloaded one. */
interface SummaryVerbs {
  findMany(args: FindMany<SummaryRow>): PromiseLike<SummaryRow[]>;
}

/** The client's model, such as `prisma.workflowInstance`. */
export type InstanceDelegate = InstanceVerbs & SummaryVerbs;

/** What Prisma's verbs can't say. Clients may lack it. */
export interface RawClient {
  /** Never called: a transaction's client can't connect, by which it is known. */
  $connect?(): PromiseLike<void>;
  /** Raw SQL that answers rows. */
  $queryRawUnsafe?<Rows = unknown>(sql: string, ...values: unknown[]): PromiseLike<Rows>;
  /** Raw SQL that answers how many rows it was about. */
  $executeRawUnsafe?(sql: string, ...values: unknown[]): PromiseLike<number>;
  /** Statements as one transaction. */
  $transaction?(statements: PromiseLike<unknown>[]): PromiseLike<unknown[]>;
}

export const DEFAULT_MODEL = "workflowInstance";
export type DefaultModel = typeof DEFAULT_MODEL;

/**
 * The smallest part of a Prisma Client that the storage needs. A client of any version, output path,
 * `$extends` chain or interactive transaction fits, and `@prisma/client` is never imported.
 */
export type PrismaClientLike<Model extends string = DefaultModel> = RawClient & { readonly [model in Model]: InstanceDelegate };

/** The same for the client of an interactive transaction, which can't connect. It has the models of the one that began it. */
export interface PrismaTransactionLike extends RawClient {
  readonly $connect?: never;
  $queryRawUnsafe<Rows = unknown>(sql: string, ...values: unknown[]): PromiseLike<Rows>;
}

/** A client and its model, and the model of the one that its connections come from: they differ inside the user's transaction. */
export interface Connection {
  readonly client: RawClient;
  readonly instances: InstanceDelegate;
  readonly root: InstanceDelegate;
}

/** Whether a client is that of an interactive transaction: it can't connect, but has raw SQL. */
export function isTransaction(client: RawClient): boolean {
  return client.$connect === undefined && client.$queryRawUnsafe !== undefined;
}
