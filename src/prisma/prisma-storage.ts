import { createDecorate, type Decorate } from "../storage/decorated-storage.js";
import {
  type Connection,
  DEFAULT_MODEL,
  type DefaultModel,
  isTransaction,
  type PrismaClientLike,
  type PrismaTransactionLike,
} from "./client.js";
import { connectionOf, connectionWithin, type Target } from "./connection.js";
import { createCodec } from "../values/codec.js";
import { createInstanceStorage, type InstanceStorageDependencies } from "../storage/instance-storage.js";
import { checkOptions } from "../storage/check-options.js";
import { createPrismaRows } from "./prisma-rows.js";
import { createRetry, type Retry } from "../storage/retry.js";
import type { SchemasOf, TypedWorkflows } from "../storage/schemas/schemas.js";
import type { Storage } from "../storage/storage.js";
import type { AnyWorkflows, WorkflowMap } from "../instance/workflows.js";
import { STORAGE_OPTIONS, type StorageOptions } from "./options.js";

/** A {@link Storage} in PostgreSQL, through a Prisma Client. */
export interface PrismaStorage<Workflows extends WorkflowMap<Workflows> = AnyWorkflows> extends Storage<Workflows> {
  /**
   * The same storage inside an interactive transaction of yours: what it writes is committed or rolled back with the
   * rest of it. Nothing is tried again in there after a fault, and nothing coalesced.
   *
   * @throws {InvalidClientError} if the client lacks the model, or isn't that of a transaction.
   * @example
   * ```ts
   * await prisma.$transaction(async (tx) => {
   *   await tx.order.create({ data: order });
   *   await getStorage().withClient(tx).insert(createInstance({ id: order.id, workflow: "Order.V1" }));
   * });
   * ```
   */
  withClient(transaction: PrismaTransactionLike): PrismaStorage<Workflows>;
}

/** The storage of the workflows that are declared or, if none are, of those that have schemas. */
export type StorageOf<Workflows extends WorkflowMap<Workflows>, Schemas> = PrismaStorage<TypedWorkflows<Workflows, Schemas>>;

/**
 * A storage on your own Prisma Client, which must have the model `WorkflowInstance`, or the same under the name that
 * `model` gives. It holds no connection and no instance of its own: one client can serve any number of storages.
 *
 * `Workflows` declares the types of its workflows; without it, `schemas` do. Types are a claim: see {@link Storage}.
 *
 * @throws {InvalidClientError} if the client lacks the model, or the model a field, or if its `$primary()` lacks extensions.
 * @throws {InvalidOptionError} for an option that is unknown or impossible.
 * @example
 * ```ts
 * const storage = createPrismaStorage(new PrismaClient({ adapter: new PrismaPg({ connectionString }) }));
 * await storage.put(createInstance({ id: "order::4711", workflow: "Order.V1" }));
 *
 * const schemas = { "Order.V2": { initial: z.object({ total: z.number() }), steps: { pay: z.object({ receipt: z.string() }) } } };
 * const typed = createPrismaStorage(prisma, { schemas });
 * ```
 */
export function createPrismaStorage<
  Workflows extends WorkflowMap<Workflows> = AnyWorkflows,
  Model extends string = DefaultModel,
  Schemas extends SchemasOf<Workflows> = SchemasOf<Workflows>,
>(client: PrismaClientLike<NoInfer<Model>>, options?: StorageOptions<Model, Schemas>): StorageOf<Workflows, Schemas>;
export function createPrismaStorage<Model extends string>(
  client: PrismaClientLike<Model>,
  options: StorageOptions<Model> = {},
): PrismaStorage {
  const {
    model = DEFAULT_MODEL,
    bigIntegers = "error",
    maxStateBytes = Infinity,
    coalesceWrites = false,
    retry = {},
    timeoutMs,
    table,
    allowRawSql,
    ...decorations
  } = checkOptions<StorageOptions<string>>(options, STORAGE_OPTIONS);
  const target: Target = {
    model,
    ...(table === undefined ? {} : { table }),
    ...(allowRawSql === undefined ? {} : { allowRawSql }),
  };
  const connection = connectionOf(client, target);
  const shared = { codec: createCodec(bigIntegers === "bigint"), maxStateBytes, timeoutMs };
  const binding = { ...shared, decorate: createDecorate(decorations, shared.codec), target, connection };
  // An extension may ask for the async context of a call, such as whose tenant it is: no two calls can go out together.
  const mayCoalesce = connection.rawSql && !connection.extended;
  return isTransaction(client)
    ? bind({ ...binding, retry: createRetry(false, timeoutMs), coalesceWrites: false })
    : bind({ ...binding, retry: createRetry(retry, timeoutMs), coalesceWrites: coalesceWrites && mayCoalesce });
}

interface PrismaBinding extends InstanceStorageDependencies {
  readonly target: Target;
  readonly connection: Connection;
  readonly retry: Retry;
  readonly timeoutMs: number | undefined;
  readonly decorate: Decorate;
}

function bind(binding: PrismaBinding): PrismaStorage {
  const { connection, target, retry, timeoutMs, decorate } = binding;
  return {
    ...decorate(createInstanceStorage(createPrismaRows(connection, retry), binding)),

    withClient(client) {
      const inner = connectionWithin(connection, client, target);
      return bind({ ...binding, connection: inner, retry: createRetry(false, timeoutMs), coalesceWrites: false });
    },
  };
}
