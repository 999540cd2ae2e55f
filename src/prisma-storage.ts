import { checkColumn } from "./check.js";
import { checkedPrismaStorage } from "./checked-storage.js";
import {
  COLUMNS,
  type Connection,
  DEFAULT_MODEL,
  type DefaultModel,
  isTransaction,
  type PrismaClientLike,
  type PrismaTransactionLike,
} from "./client.js";
import { type Codec, createCodec } from "./codec.js";
import { compareAndSwap } from "./compare-and-swap.js";
import { describe } from "./describe.js";
import {
  InstanceExistsError,
  InvalidClientError,
  InvalidIdError,
  InvalidInstanceError,
  InvalidOptionError,
  StateTooLargeError,
} from "./errors.js";
import { createGroupCommit } from "./group-commit.js";
import type { Instance } from "./instance.js";
import { createListings } from "./listings.js";
import { type CheckedRow, toRow } from "./mapping.js";
import { modelOf } from "./model.js";
import { checkOptions, PRUNE_OPTIONS, PUT_OPTIONS, STORAGE_OPTIONS, UPDATE_OPTIONS } from "./option-rules.js";
import type { StorageOptions } from "./options.js";
import { putRows } from "./put-many.js";
import { pruneRows, toPruned } from "./prune.js";
import { createReader } from "./reader.js";
import { createRetry, type Retry } from "./retry.js";
import type { SchemasOf, StorageOf } from "./schemas.js";
import type { Storage } from "./storage.js";
import { StoredForms } from "./stored-forms.js";
import { updateInstance } from "./update.js";
import { insertOf, upsertOf } from "./upsert.js";
import type { AnyWorkflows, WorkflowMap } from "./workflows.js";

/** A {@link Storage} in PostgreSQL, through a Prisma Client. */
export interface PrismaStorage<Workflows extends WorkflowMap<Workflows> = AnyWorkflows> extends Storage<Workflows> {
  /**
   * The same storage inside an interactive transaction of yours: what it writes is committed or rolled back with the
   * rest of it. Nothing is tried again in there after a fault, and nothing coalesced.
   *
   * @throws {InvalidClientError} where the client lacks the model, or isn't that of a transaction.
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

/**
 * A storage on your own Prisma Client, which must have the model `WorkflowInstance`, or the same under another name,
 * which `model` says. It holds no connection and no instance of its own: one client can serve any number of storages.
 *
 * Its workflows are typed where `Workflows` declares them, or else where `schemas` tell of them, and of no others. Types
 * are a claim: see {@link Storage}.
 *
 * @throws {InvalidClientError} where the client lacks the model, or the model a field.
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
    schemas,
  } = checkOptions<StorageOptions<string>>(options, STORAGE_OPTIONS);
  const instances = modelOf(client, model);
  const shared = { model, codec: createCodec(bigIntegers === "bigint"), forms: new StoredForms(), maxStateBytes };
  const connection = { client, instances, root: instances };
  const storage = isTransaction(client)
    ? bind({ ...shared, connection, retry: createRetry(false), coalesceWrites: false })
    : bind({ ...shared, connection, retry: createRetry(retry), coalesceWrites });
  return schemas === undefined ? storage : checkedPrismaStorage(storage, schemas);
}

interface Binding {
  readonly model: string;
  readonly connection: Connection;
  readonly codec: Codec;
  readonly forms: StoredForms;
  readonly maxStateBytes: number;
  readonly retry: Retry;
  readonly coalesceWrites: boolean;
}

function bind(binding: Binding): PrismaStorage {
  const { connection, model, codec, forms, maxStateBytes, retry } = binding;
  const { instances } = connection;
  const reader = createReader(connection, codec, forms);

  const checkedRow = (instance: Instance): CheckedRow => {
    const row = toRow(instance, codec);
    const bytes = maxStateBytes === Infinity ? 0 : Buffer.byteLength(row.state);
    if (bytes > maxStateBytes) throw new StateTooLargeError(row.id, bytes, maxStateBytes);
    return row;
  };

  const swap = async (expected: Instance, next: Instance): Promise<Instance> => {
    const form = forms.of(expected);
    if (form === undefined) throw new InvalidOptionError("expected", NOT_READ_HERE);
    const row = checkedRow(next);
    if (row.id !== expected.id)
      throw new InvalidInstanceError("id", `instance ${describe(row.id)} can't take the place of ${describe(expected.id)}`);
    await compareAndSwap(connection, retry, form, row);
    const { workflowVersion } = form; // it never changes
    const stored = { ...next, workflowVersion };
    forms.remember(stored, { ...row, workflowVersion, text: row.state });
    return stored;
  };

  const putOne = async (row: CheckedRow): Promise<void> => {
    await retry.repeatable(() => instances.upsert(upsertOf(connection, row)));
  };
  const putMany = (rows: readonly CheckedRow[]): Promise<void> => retry.repeatable(() => putRows(connection, rows));
  const put = binding.coalesceWrites ? createGroupCommit(putMany) : putOne;

  const get = async (id: string): Promise<Instance | null> => {
    const where = { id: checkId(id) };
    return retry.repeatable(async () => {
      const row = await instances.findUnique({ where, select: COLUMNS });
      return row === null ? null : reader.one(row);
    });
  };

  return {
    get,

    async put(instance, options = {}) {
      const { expected } = checkOptions(options, PUT_OPTIONS);
      if (expected === undefined) await put(checkedRow(instance));
      else await swap(expected, instance);
    },

    async insert(instance) {
      const row = checkedRow(instance);
      const { count } = await retry.once(row.id, () => instances.createMany(insertOf(connection, row)));
      if (count === 0) throw new InstanceExistsError(row.id, `an instance ${JSON.stringify(row.id)} is stored already`);
    },

    async update(id, change, options = {}) {
      return updateInstance({ get, swap }, id, change, checkOptions(options, UPDATE_OPTIONS));
    },

    async putMany(many) {
      await putMany(many.map(checkedRow));
    },

    ...createListings(connection, retry, reader),

    async delete(id) {
      const where = { id: checkId(id) };
      await retry.repeatable(() => instances.deleteMany({ where }));
    },

    async prune(filters, options = {}) {
      const checked = checkOptions(options, PRUNE_OPTIONS);
      const selection = toPruned(filters, checked);
      return pruneRows(connection, retry, selection, checked);
    },

    withClient(client) {
      const inner = { ...connection, client, instances: modelOf(client, model) };
      if (!isTransaction(client)) throw new InvalidClientError("withClient takes the client of an interactive transaction");
      return bind({ ...binding, connection: inner, retry: createRetry(false), coalesceWrites: false });
    },
  };
}

const NOT_READ_HERE =
  'the option "expected" is invalid: expected an instance that this storage has read, the very object that get, query, stream or update gave, not a copy of it';

/** The id, once it is sure that it is one: Prisma takes `undefined` for "every row". */
function checkId(id: unknown): string {
  return checkColumn(id, (problem) => {
    throw new InvalidIdError(`the id ${describe(id)} is invalid: ${problem}`);
  });
}
