import { kindOf } from "./describe.js";
import { InvalidClientError } from "./errors.js";

/** The columns of a row that the storage reads. */
export interface InstanceRow {
  readonly id: string;
  readonly workflow: string;
  readonly workflowVersion: number;
  readonly status: string;
  readonly state: unknown;
}

/** Asks for exactly the columns that the storage reads. */
export type InstanceSelect = { readonly [column in keyof InstanceRow]: true };
export const COLUMNS: InstanceSelect = { id: true, workflow: true, workflowVersion: true, status: true, state: true };

/** The columns of a row that are written where the id is free. */
export interface InstanceCreate extends InstanceRow {
  readonly state: object;
  readonly insertedAt: Date;
  readonly updatedAt: Date;
}

/** The columns that are written where the id is taken. */
export type InstanceUpdate = Omit<InstanceCreate, "id" | "workflowVersion" | "insertedAt">;

/** Prisma's arguments for storing a row, whether its id is free or taken. */
export interface InstanceUpsert {
  where: { id: string };
  create: InstanceCreate;
  update: InstanceUpdate;
  select: { id: true };
}

/** The part of Prisma's `where` that the filters and the compare-and-swap use. */
export interface InstanceWhere {
  AND?: InstanceWhere[];
  id?: string;
  status?: string | { in: string[] };
  workflow?: string | { startsWith: string };
  workflowVersion?: number;
  state?: { equals: object };
}

/** What we call on the client's model. Methods, not function properties: the generated ones are generic. */
export interface InstanceDelegate {
  findUnique(args: { where: { id: string }; select: InstanceSelect }): PromiseLike<InstanceRow | null>;
  findMany(args: { where: InstanceWhere; orderBy: { id: "asc" }; select: InstanceSelect }): PromiseLike<InstanceRow[]>;
  upsert(args: InstanceUpsert): PromiseLike<{ id: string }>;
  createMany(args: { data: InstanceCreate[]; skipDuplicates: true }): PromiseLike<{ count: number }>;
  updateMany(args: { where: InstanceWhere; data: InstanceUpdate }): PromiseLike<{ count: number }>;
  deleteMany(args: { where: { id: string } }): PromiseLike<{ count: number }>;
}

/**
 * The smallest part of a Prisma Client that the storage needs. A client of any version, output path,
 * `$extends` chain or interactive transaction fits, and `@prisma/client` is never imported.
 */
export interface PrismaClientLike {
  readonly workflowInstance: InstanceDelegate;
  // What Prisma's verbs can't say. Clients may lack it. A transaction's client can't connect.
  $connect?(): PromiseLike<void>;
  $queryRawUnsafe?<Rows = unknown>(sql: string, ...values: unknown[]): PromiseLike<Rows>;
  $executeRawUnsafe?(sql: string, ...values: unknown[]): PromiseLike<number>;
  $transaction?(statements: PromiseLike<unknown>[]): PromiseLike<unknown[]>;
}

/** A client, and the one that its connections come from: they differ inside the user's transaction. */
export interface Connection {
  readonly client: PrismaClientLike;
  readonly root: PrismaClientLike;
}

/** The client, once it is sure that it has the model. @throws {InvalidClientError} where it lacks it. */
export function checkClient(client: PrismaClientLike): PrismaClientLike {
  const instances: unknown = typeof client === "object" && client !== null ? client.workflowInstance : undefined;
  if (typeof instances === "object" && instances !== null) return client;
  throw new InvalidClientError(
    `expected a Prisma Client with the model WorkflowInstance, found ${kindOf(client)} without it. ` +
      "Copy hephaestus-prisma's workflow-instance.prisma into your schema folder and run: npx prisma generate",
  );
}

/** Whether a client is that of an interactive transaction: it can't connect, but has raw SQL. */
export function isTransaction(client: PrismaClientLike): boolean {
  return client.$connect === undefined && client.$queryRawUnsafe !== undefined;
}
