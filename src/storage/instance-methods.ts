import type { InstanceOf, WorkflowMap } from "../instance/workflows.js";
import type { Change, PutOptions, UpdateOptions } from "./options.js";

/** The methods of a storage about one instance. */
export interface InstanceMethods<Workflows extends WorkflowMap<Workflows>> {
  /**
   * Returns the instance with this id, or `null` if none is stored.
   *
   * @throws {InvalidIdError} for an id that no instance can have.
   * @throws {CorruptInstanceError} if the row doesn't hold an instance.
   * @throws {PrecisionLossError} if a number of its state would lose digits: see `bigIntegers`.
   * @throws {SchemaMismatchError} if a schema of its workflow rejects a value: see `schemas`.
   * @example
   * ```ts
   * const instance = await storage.get("order::4711");
   * ```
   */
  get(id: string): Promise<InstanceOf<Workflows> | null>;

  /**
   * Stores an instance. If its id is taken, it takes the place of the stored one: the last writer wins, but
   * `workflowVersion` stays what the first `put` of this id has written.
   *
   * After a fault that leaves open whether it was carried out, it goes again. If it was, the second attempt undoes what
   * another writer has stored in between. The option `retry: { afterUnknown: false }` makes it fail with
   * `OUTCOME_UNKNOWN` instead.
   *
   * With `expected`, it stores only if the stored instance is still that one: a compare-and-swap. It notices every other
   * writer, such as an Elixir service or an edit in Prisma Studio, and never goes again if it may have been carried out.
   *
   * Nothing is written if it throws, except `OutcomeUnknownError`.
   *
   * @throws {InvalidInstanceError} for anything that is not an instance.
   * @throws {NotSerializableError} for a value that would not come back as it went in.
   * @throws {SchemaMismatchError} for a value that a schema of its workflow rejects.
   * @throws {StateTooLargeError} if the state is larger than `maxStateBytes`.
   * @throws {ConflictError} if the stored instance is no longer the expected one, or is gone; nothing is written.
   * @throws {OutcomeUnknownError} if it may or may not have been carried out: during a compare-and-swap, with
   * `afterUnknown: false`, or after `timeoutMs`.
   * @throws {InvalidOptionError} if no storage has read `expected`, or if it is a copy of what one has read.
   * @example
   * ```ts
   * await storage.put({ ...instance, status: "waiting", currentStep: "payment" });
   * await storage.put({ ...instance, status: "running" }, { expected: instance });
   * ```
   */
  put(instance: InstanceOf<Workflows>, options?: PutOptions): Promise<void>;

  /**
   * Stores an instance if its id is free. Of any number of inserts of one id, one succeeds.
   *
   * @throws {InstanceExistsError} if the id is taken; nothing is written.
   * @throws {NotStoredError} if it was not stored though the id seems free: a trigger or a rule suppressed the row, for example.
   * @throws {OutcomeUnknownError} if the connection was lost on the way.
   * @throws {StorageError} as `put` does for an instance that can't be stored; nothing is written.
   * @example
   * ```ts
   * await storage.insert(createInstance({ id: "order::4711", workflow: "Order.V1" }));
   * ```
   */
  insert(instance: InstanceOf<Workflows>): Promise<void>;

  /**
   * Changes an instance without losing anybody's update: reads it, calls `change`, swaps, and begins again, after a
   * short random wait, if another writer was faster. So `change` can be called more than once. It returns the
   * instance that is to be stored, or the same object to leave the row unchanged.
   *
   * Inside your transaction, under READ COMMITTED, another transaction's write is seen and the change tried again;
   * under REPEATABLE READ and SERIALIZABLE only a new transaction would see it, and the conflict says so.
   *
   * @returns what is stored.
   * @throws {InstanceNotFoundError} if no instance has this id.
   * @throws {ConflictError} after `attempts` attempts.
   * @throws {StorageError} as `get` and `put` do.
   * @throws {unknown} what `change` throws, and the signal's reason.
   * @example
   * ```ts
   * const paid = await storage.update("order::4711", (order) => ({ ...order, status: "running", currentStep: "ship" }));
   * ```
   */
  update(id: string, change: Change<InstanceOf<Workflows>>, options?: UpdateOptions): Promise<InstanceOf<Workflows>>;

  /**
   * Deletes the instance with this id. Nothing happens if there is none.
   *
   * After a fault that leaves open whether it was carried out, it goes again. If it was, the second attempt deletes what
   * another writer has inserted in between. The option `retry: { afterUnknown: false }` makes it fail with
   * `OUTCOME_UNKNOWN` instead.
   *
   * @throws {InvalidIdError} for an id that no instance can have.
   * @throws {OutcomeUnknownError} with `afterUnknown: false` or after `timeoutMs`, if it may or may not have been carried out.
   * @example
   * ```ts
   * await storage.delete("order::4711");
   * ```
   */
  delete(id: string): Promise<void>;
}
