import type { PrismaClientLike } from "./client.js";
import type { QueryFilters } from "./filter.js";
import type { Instance } from "./instance.js";
import type { PutOptions, QueryOptions, UpdateOptions } from "./options.js";
import type { Change } from "./update.js";

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
   * With `expected`, it stores only where the stored instance is still that one: a compare-and-swap. It notices every
   * other writer, an Elixir service and a hand in Prisma Studio included.
   *
   * @throws {InvalidInstanceError} where it is no instance; nothing is written.
   * @throws {NotSerializableError} where a value would not come back as it went in; nothing is written.
   * @throws {StateTooLargeError} where the state is larger than `maxStateBytes`; nothing is written.
   * @throws {ConflictError} where the stored instance is no longer the expected one, or is gone; nothing is written.
   * @throws {OutcomeUnknownError} where the connection was lost during a compare-and-swap.
   * @throws {InvalidOptionError} where `expected` was not read by this storage, or is a copy of what was.
   * @example
   * ```ts
   * await storage.put({ ...instance, status: "waiting", currentStep: "payment" });
   * await storage.put({ ...instance, status: "running" }, { expected: instance });
   * ```
   */
  put(instance: Instance, options?: PutOptions): Promise<void>;

  /**
   * Stores an instance where its id is free. Of any number of inserts of one id, one succeeds.
   *
   * @throws {InstanceExistsError} where the id is taken; nothing is written.
   * @throws {OutcomeUnknownError} where the connection was lost on the way.
   * @throws what `put` throws for an instance that can't be stored.
   * @example
   * ```ts
   * await storage.insert(createInstance({ id: "order::4711", workflow: "Order.V1" }));
   * ```
   */
  insert(instance: Instance): Promise<void>;

  /**
   * Changes an instance without losing anybody's update: reads it, calls `change`, swaps, and begins again, after a
   * short random wait, where another writer was faster. So `change` can be called more than once. It answers the
   * instance that is to be stored; the very one that it was given, where there is nothing to do.
   *
   * Inside your transaction, under READ COMMITTED, another transaction's write is seen and the change tried again;
   * under REPEATABLE READ and SERIALIZABLE only a new transaction would see it, and the conflict says so.
   *
   * @returns what is stored.
   * @throws {InstanceNotFoundError} where no instance has this id.
   * @throws {ConflictError} after `attempts` attempts.
   * @throws what `get`, `put` and `change` throw, and the signal's reason.
   * @example
   * ```ts
   * const paid = await storage.update("order::4711", (order) => ({ ...order, status: "running", currentStep: "ship" }));
   * ```
   */
  update(id: string, change: Change, options?: UpdateOptions): Promise<Instance>;

  /**
   * Stores many instances, all or none, as `put` would one after the other: versions stay, and the last one of an id wins.
   *
   * @throws what `put` throws, before anything is written.
   * @example
   * ```ts
   * await storage.putMany(orders.map(({ id }) => createInstance({ id, workflow: "Order.V1" })));
   * ```
   */
  putMany(instances: readonly Instance[]): Promise<void>;

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
export interface PrismaStorage extends Storage {
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
  withClient(transaction: PrismaClientLike): PrismaStorage;
}
