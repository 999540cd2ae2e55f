import { InvalidClientError } from "../errors.js";
import type { AnyWorkflows, WorkflowMap } from "../instance/workflows.js";
import { explain, faultOf } from "../sql/faults.js";
import { createTableStorage } from "../sql/sql-storage.js";
import { tableOf } from "../sql/table-name.js";
import { checkOptions } from "../storage/check-options.js";
import { createDatabaseStorage } from "../storage/database-storage.js";
import type { SchemasOf, TypedWorkflows } from "../storage/schemas/schemas.js";
import type { InstanceStorage } from "../storage/storage.js";
import {
  DEFAULT_MODEL,
  type DefaultModel,
  isTransaction,
  type PrismaClientLike,
  type PrismaTransactionLike,
  type RawClient,
} from "./client.js";
import { checkClient } from "./model.js";
import { checkVerbs, PRISMA_STORAGE_OPTIONS, type PrismaStorageOptions } from "./options.js";
import { createPrismaRows } from "./prisma-rows.js";
import { prismaSql } from "./prisma-sql.js";

/** An {@link InstanceStorage} in PostgreSQL, through a Prisma Client. */
export interface PrismaStorage<Workflows extends WorkflowMap<Workflows> = AnyWorkflows> extends InstanceStorage<Workflows> {
  /**
   * The same storage inside an interactive transaction of yours: what it writes is committed or rolled back with the
   * rest of it. Nothing is retried in there, and nothing coalesced.
   *
   * @throws {InvalidClientError} if the client lacks the model, or isn't that of a transaction.
   * @example
   * ```ts
   * await prisma.$transaction(async (tx) => {
   *   await tx.order.create({ data: order });
   *   await getStorage().withTransaction(tx).insert(createInstance({ id: order.id, workflow: "Order.V1" }));
   * });
   * ```
   */
  withTransaction(transaction: PrismaTransactionLike): PrismaStorage<Workflows>;
}

/** The storage of the workflows that are declared or, if none are, of those that have schemas. */
export type PrismaStorageOf<Workflows extends WorkflowMap<Workflows>, Schemas> = PrismaStorage<TypedWorkflows<Workflows, Schemas>>;

/**
 * Creates a storage on your own Prisma Client, which must have the model `WorkflowInstance`, or the same under the name that
 * `model` gives. It calls Prisma's verbs and nothing else, so that every extension of the client sees every call. With
 * `table`, it sends SQL through the client instead. It holds no connection and no instance of its own: one client can serve
 * any number of storages.
 *
 * By verbs, numbers are what Prisma parses: a decimal with more digits than a JavaScript number has is rounded, and an
 * integer beyond ±(2^53−1) is `PRECISION_LOSS`. With `table`, numbers are exact or `PRECISION_LOSS`.
 *
 * `Workflows` declares the types of its workflows; without it, `schemas` do. See {@link InstanceStorage}.
 *
 * @throws {InvalidClientError} if the client lacks the model, or the model a field, or if its reads go to replicas.
 * @throws {InvalidOptionError} for an option that is unknown or impossible.
 * @example
 * ```ts
 * const storage = createPrismaStorage(new PrismaClient({ adapter: new PrismaPg({ connectionString }) }));
 * await storage.put(createInstance({ id: "order::4711", workflow: "Order.V1" }));
 *
 * const busy = createPrismaStorage(prisma, { table: "public.workflow_instances", coalesceWrites: true });
 *
 * const schemas = { "Order.V2": { initial: z.object({ total: z.number() }), steps: { pay: z.object({ receipt: z.string() }) } } };
 * const typed = createPrismaStorage(prisma, { schemas });
 * ```
 */
export function createPrismaStorage<
  Workflows extends WorkflowMap<Workflows> = AnyWorkflows,
  Model extends string = DefaultModel,
  Schemas extends SchemasOf<Workflows> = SchemasOf<Workflows>,
>(client: PrismaClientLike<NoInfer<Model>>, options?: PrismaStorageOptions<Model, Schemas>): PrismaStorageOf<Workflows, Schemas>;
export function createPrismaStorage<Model extends string>(
  client: PrismaClientLike<Model>,
  options: PrismaStorageOptions<Model> = {},
): PrismaStorage {
  const { model = DEFAULT_MODEL, table, ...rest } = checkOptions<PrismaStorageOptions<string>>(options, PRISMA_STORAGE_OPTIONS);
  checkClient(client, model);
  if (table === undefined) checkVerbs(rest);
  const byVerbs = (on: RawClient): InstanceStorage =>
    createDatabaseStorage(createPrismaRows(on, model, rest.timeoutMs), rest, { faultOf, explain });
  const bySql = (on: RawClient): InstanceStorage => createTableStorage(prismaSql(on, rest.timeoutMs), tableOf(table), rest);
  const storageOn = (on: RawClient): PrismaStorage => ({
    ...(table === undefined ? byVerbs : bySql)(on),
    withTransaction(transaction) {
      checkClient(transaction, model);
      if (!isTransaction(transaction)) throw new InvalidClientError("withTransaction takes the client of an interactive transaction");
      return storageOn(transaction);
    },
  });
  return storageOn(client);
}
