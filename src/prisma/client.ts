import { InvalidClientError } from "../errors.js";
import type { ParsedRow, SummaryRow } from "../state/row.js";
import type { CountColumn } from "../storage/options.js";
import type { InstanceOrder, InstanceWhere } from "../storage/selection.js";

/** Asks for exactly some columns. */
type Select<Row> = { readonly [column in keyof Row]: true };
export const ROW: Select<ParsedRow> = { id: true, workflow: true, workflowVersion: true, status: true, state: true };
export const SUMMARY: Select<SummaryRow> = {
  id: true,
  workflow: true,
  workflowVersion: true,
  status: true,
  insertedAt: true,
  updatedAt: true,
};

/** The columns of a row that are written if the id is free. */
export interface InstanceCreate extends ParsedRow {
  readonly state: object;
  readonly insertedAt: Date;
  readonly updatedAt: Date;
}

/** The columns that are written if the id is taken: neither the version, which never changes, nor the time of the first put. */
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
  findUnique(args: { where: { id: string }; select: Select<ParsedRow> }): PromiseLike<Partial<ParsedRow> | null>;
  findMany(args: FindMany<ParsedRow>): PromiseLike<Partial<ParsedRow>[]>;
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
  findMany(args: FindMany<{ id: string }>): PromiseLike<{ id?: string }[]>;
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
  /** Executes statements as one transaction. Prisma 7 takes the time-out, though no types have it: all have the other option. */
  $transaction?<Result>(
    statements: PromiseLike<Result>[],
    options?: { readonly timeout: number; readonly isolationLevel?: never },
  ): PromiseLike<Result[]>;
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

/** Whether a client is that of an interactive transaction: it can't connect, but has raw SQL. */
export function isTransaction(client: RawClient): boolean {
  return client.$connect === undefined && client.$queryRawUnsafe !== undefined;
}

// Prisma gives a transaction five seconds in all, unless a time is given: this is the longest that a timer can wait.
const NO_LIMIT = 2_147_483_647;

/**
 * Sends statements as one transaction, all or none; inside a transaction, one after the other.
 *
 * @throws {InvalidClientError} if the client has no transactions.
 */
export async function transact<Result>(
  client: RawClient,
  statements: readonly (() => PromiseLike<Result>)[],
  timeoutMs: number = NO_LIMIT,
): Promise<Result[]> {
  if (isTransaction(client)) {
    const results: Result[] = [];
    for (const send of statements) results.push(await send());
    return results;
  }
  if (client.$transaction === undefined)
    throw new InvalidClientError("putMany needs a client with $transaction: only that stores all instances or none");
  return client.$transaction(
    statements.map((send) => send()),
    { timeout: timeoutMs },
  );
}
