import { checkColumn } from "./check.js";
import { COLUMNS, type PrismaClientLike } from "./client.js";
import { createCodec } from "./codec.js";
import { describe, kindOf } from "./describe.js";
import { InvalidClientError, InvalidIdError, StateTooLargeError } from "./errors.js";
import { type QueryFilters, toWhere } from "./filter.js";
import type { Instance } from "./instance.js";
import { jsonInput } from "./json-text.js";
import { toRow } from "./mapping.js";
import { checkOptions, QUERY_OPTIONS, type QueryOptions, STORAGE_OPTIONS, type StorageOptions } from "./options.js";
import { readInstance, readInstances } from "./reader.js";

/** Where a workflow engine keeps its instances. */
export interface Storage {
  /**
   * The instance with this id, or `null` where none is stored.
   *
   * @throws {InvalidIdError} for an id that no instance can have.
   * @throws {CorruptInstanceError} where the row holds no instance.
   * @throws {PrecisionLossError} where a number of its state would lose digits: see `bigIntegers`.
   * @example
   * ```ts
   * const instance = await storage.get("order::4711");
   * ```
   */
  get(id: string): Promise<Instance | null>;

  /**
   * Stores an instance, in place of the one with its id where there is one. The last writer wins, but
   * `workflowVersion` stays what the first `put` of this id has written.
   *
   * @throws {InvalidInstanceError} where it is no instance; nothing is written.
   * @throws {NotSerializableError} where a value would not come back as it went in; nothing is written.
   * @throws {StateTooLargeError} where the state is larger than `maxStateBytes`; nothing is written.
   * @example
   * ```ts
   * await storage.put({ ...instance, status: "waiting", currentStep: "payment" });
   * ```
   */
  put(instance: Instance): Promise<void>;

  /**
   * Deletes the instance with this id. Nothing happens where none is stored.
   *
   * @throws {InvalidIdError} for an id that no instance can have.
   * @example
   * ```ts
   * await storage.delete("order::4711");
   * ```
   */
  delete(id: string): Promise<void>;

  /**
   * The instances that match every filter, all of them where none is given, in the order of their ids
   * (by the collation of the database).
   *
   * @throws {InvalidFilterError} for a filter that is unknown, `undefined` or of the wrong type; nothing is read.
   * @throws {InvalidOptionError} likewise for an option.
   * @throws {CorruptInstanceError} where a row that matches holds no instance, unless `onCorrupt` says otherwise.
   * @throws {PrecisionLossError} likewise, where a number would lose digits.
   * @example
   * ```ts
   * const active = await storage.query({ workflowFamily: "Order.", statusIn: ["pending", "running", "waiting"] });
   * const readable = await storage.query({}, { onCorrupt: ({ id, message }) => console.warn(id, message) });
   * ```
   */
  query(filters?: QueryFilters, options?: QueryOptions): Promise<Instance[]>;
}

/** A {@link Storage} in PostgreSQL, through a Prisma Client. */
export type PrismaStorage = Storage;

/**
 * A storage on your own Prisma Client, which must have the model `WorkflowInstance`. It holds no connection
 * and no state of its own: one client can serve any number of storages.
 *
 * @throws {InvalidClientError} where the client lacks the model.
 * @throws {InvalidOptionError} for an option that is unknown or impossible.
 * @example
 * ```ts
 * const storage = createPrismaStorage(new PrismaClient({ adapter: new PrismaPg({ connectionString }) }));
 * await storage.put(createInstance({ id: "order::4711", workflow: "Order.V1" }));
 * ```
 */
export function createPrismaStorage(client: PrismaClientLike, options: StorageOptions = {}): PrismaStorage {
  const { workflowInstance: instances } = checkClient(client);
  const { bigIntegers = "error", maxStateBytes = Infinity } = checkOptions(options, STORAGE_OPTIONS);
  const codec = createCodec(bigIntegers === "bigint");
  return {
    async get(id) {
      const row = await instances.findUnique({ where: { id: checkId(id) }, select: COLUMNS });
      return row === null ? null : readInstance(client, codec, row);
    },

    async put(instance) {
      const { id, workflow, workflowVersion, status, state: text } = toRow(instance, codec);
      const bytes = maxStateBytes === Infinity ? 0 : Buffer.byteLength(text);
      if (bytes > maxStateBytes) throw new StateTooLargeError(id, bytes, maxStateBytes);
      const state = jsonInput(client, text);
      const now = new Date();
      await instances.upsert({
        where: { id },
        create: { id, workflow, workflowVersion, status, state, insertedAt: now, updatedAt: now },
        update: { workflow, status, state, updatedAt: now },
        select: { id: true }, // without it, the whole state would come back
      });
    },

    async delete(id) {
      await instances.deleteMany({ where: { id: checkId(id) } });
    },

    async query(filters = {}, options = {}) {
      const where = toWhere(filters);
      const { onCorrupt = "throw" } = checkOptions(options, QUERY_OPTIONS);
      const rows = await instances.findMany({ where, orderBy: { id: "asc" }, select: COLUMNS });
      return readInstances(client, codec, rows, onCorrupt);
    },
  };
}

/** The id, once it is sure that it is one: Prisma takes `undefined` for "every row". */
function checkId(id: unknown): string {
  return checkColumn(id, (problem) => {
    throw new InvalidIdError(`the id ${describe(id)} is invalid: ${problem}`);
  });
}

function checkClient(client: PrismaClientLike): PrismaClientLike {
  const instances: unknown = client?.workflowInstance;
  if (typeof instances === "object" && instances !== null) return client;
  throw new InvalidClientError(
    `expected a Prisma Client with the model WorkflowInstance, found ${kindOf(client)} without it. ` +
      "Copy hephaestus-prisma's workflow-instance.prisma into your schema folder and run: npx prisma generate",
  );
}
