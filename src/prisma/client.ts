import type { CountColumn } from "../storage/options.js";
import type { InstanceOrder, InstanceWhere } from "../storage/selection.js";
import type { InstanceRow, SummaryRow } from "../state/row.js";

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

/** What is in a selection and among some ids. */
interface Among {
  AND: [InstanceWhere, { id: { in: string[] } }];
}

/**
 * What we call on the client's model. Methods, not function properties: the generated ones are generic. A client's global
 * `omit` takes columns out of the types of its rows; a `select` brings them back.
 */
interface InstanceVerbs {
  findUnique(args: { where: { id: string }; select: Select<InstanceRow> }): PromiseLike<Partial<InstanceRow> | null>;
  findMany(args: FindMany<InstanceRow>): PromiseLike<Partial<InstanceRow>[]>;
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
  }): PromiseLike<{ id?: string } | null>;
  createMany(args: { data: InstanceCreate[]; skipDuplicates: true }): PromiseLike<{ count: number }>;
  updateMany(args: { where: InstanceWhere; data: InstanceUpdate }): PromiseLike<{ count: number }>;
  deleteMany(args: { where: { id: string } | Among }): PromiseLike<{ count: number }>;
}

/** Kept separate: Prisma's generic `findMany` is assignable to two interfaces, but not to one overloaded method. */
interface SummaryVerbs {
  findMany(args: FindMany<SummaryRow>): PromiseLike<Partial<SummaryRow>[]>;
}

interface IdVerbs {
  findMany(args: { where: InstanceWhere | Among; select: Select<{ id: string }>; take: number }): PromiseLike<{ id?: string }[]>;
}

/** The client's model, such as `prisma.workflowInstance`. */
export type InstanceDelegate = InstanceVerbs & SummaryVerbs & IdVerbs;

/** What a client has beside its models. It may lack any of it. */
export interface RawClient {
  /** Never called. Its absence marks the client of an interactive transaction. */
  $connect?(): PromiseLike<void>;
  /** Sends raw SQL and returns its rows. */
  $queryRawUnsafe?<Rows = unknown>(sql: string, ...values: unknown[]): PromiseLike<Rows>;
  /** Sends raw SQL and returns how many rows it has changed. */
  $executeRawUnsafe?(sql: string, ...values: unknown[]): PromiseLike<number>;
  /** Runs statements as one transaction. */
  $transaction?(statements: PromiseLike<unknown>[]): PromiseLike<unknown[]>;
  /** Returns the client of the primary server: a method of @prisma/extension-read-replicas. */
  $primary?(): unknown;
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

/** A client, and what may be done with it. */
export interface Connection {
  readonly client: RawClient;
  /** The client's model. */
  readonly instances: InstanceDelegate;
  /** The model of the client that the connections come from: another than `instances` inside the user's transaction. */
  readonly root: InstanceDelegate;
  /** The option `table`, quoted. */
  readonly table: string | undefined;
  /** Whether extensions of the client can see, change or replace the calls of its model. */
  readonly extended: boolean;
  /** Whether raw SQL may be sent. */
  readonly rawSql: boolean;
  /** Whether the client stores a JSON text as it is. */
  readonly readyText: boolean;
}

/** Whether a client is that of an interactive transaction: it can't connect, but has raw SQL. */
export function isTransaction(client: RawClient): boolean {
  return client.$connect === undefined && client.$queryRawUnsafe !== undefined;
}
