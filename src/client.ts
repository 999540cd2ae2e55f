/** The columns of a row that the storage reads. */
export interface InstanceRow {
  readonly id: string;
  readonly workflow: string;
  readonly workflowVersion: number;
  readonly status: string;
  readonly state: unknown;
}

/** The columns of a row that a `put` writes where the id is free. */
export interface InstanceCreate extends InstanceRow {
  readonly state: object;
  readonly insertedAt: Date;
  readonly updatedAt: Date;
}

/** The columns that a `put` writes where the id is taken. */
export type InstanceUpdate = Omit<InstanceCreate, "id" | "workflowVersion" | "insertedAt">;

/** The part of Prisma's `where` that the filters use. */
export interface InstanceWhere {
  AND?: InstanceWhere[];
  id?: string;
  status?: string | { in: string[] };
  workflow?: string | { startsWith: string };
  workflowVersion?: number;
}

/** Asks for exactly the columns that the storage reads. */
export type InstanceSelect = { readonly [column in keyof InstanceRow]: true };
export const COLUMNS: InstanceSelect = { id: true, workflow: true, workflowVersion: true, status: true, state: true };

/** What we call on the client's model. Methods, not function properties: the generated ones are generic. */
export interface InstanceDelegate {
  findUnique(args: { where: { id: string }; select: InstanceSelect }): PromiseLike<InstanceRow | null>;
  findMany(args: { where: InstanceWhere; orderBy: { id: "asc" }; select: InstanceSelect }): PromiseLike<InstanceRow[]>;
  upsert(args: {
    where: { id: string };
    create: InstanceCreate;
    update: InstanceUpdate;
    select: { id: true };
  }): PromiseLike<{ id: string }>;
  deleteMany(args: { where: { id: string } }): PromiseLike<{ count: number }>;
}

/**
 * The smallest part of a Prisma Client that the storage needs. A client of any version, output path,
 * `$extends` chain or interactive transaction fits, and `@prisma/client` is never imported.
 */
export interface PrismaClientLike extends RawClientLike {
  readonly workflowInstance: InstanceDelegate;
}

/** What the few statements need that Prisma's verbs can't say. Clients may lack it. */
export interface RawClientLike {
  $queryRawUnsafe?<Rows = unknown>(sql: string, ...values: unknown[]): PromiseLike<Rows>;
  $transaction?(statements: PromiseLike<unknown>[]): PromiseLike<unknown[]>;
}
