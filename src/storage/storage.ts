import type { Instance } from "../instance/instance.js";
import type { AnyWorkflows, InstanceOf, NameOf, WorkflowMap } from "../instance/workflows.js";
import type { FilterOf, QueryFilters } from "./filters.js";
import type { CallOptions, CountColumn, GetOptions, InstanceChange, ListOptions, PruneOptions, PutOptions } from "./options.js";
import type { QueryOptions, StreamOptions, SummaryPage, UpdateOptions } from "./options.js";

/**
 * Stores the instances of a workflow engine. Every call takes a `signal`, and can fail with its reason. After `timeoutMs`,
 * any call can fail with `TIMEOUT`; one that writes can fail with `OUTCOME_UNKNOWN`, and with `READ_ONLY` if the server
 * takes no writes.
 *
 * `Workflows` maps the names of workflows to the types of their values. They are not checked at run time: rows of other
 * writers, under these names or others, are returned as these types too. The option `schemas` checks.
 */
export interface InstanceStorage<Workflows extends WorkflowMap<Workflows> = AnyWorkflows> {
  /**
   * Returns the instance with this id, or `null` if none is stored. With `forUpdate`, its row is locked until your transaction
   * ends.
   *
   * @throws {InvalidIdError} for an id that no instance can have.
   * @throws {InvalidOptionError} for `forUpdate` outside of a transaction, by Prisma's verbs, and in memory.
   * @throws {CorruptInstanceError} if the row doesn't hold an instance.
   * @throws {PrecisionLossError} if a number of its state would lose digits: see `bigIntegers`.
   * @throws {SchemaMismatchError} if a schema of its workflow rejects a value: see `schemas`.
   * @throws {TransformError} if `transform.read` throws.
   * @example
   * ```ts
   * const instance = await storage.get("order::4711");
   * ```
   */
  get(id: string, options?: GetOptions): Promise<InstanceOf<Workflows> | null>;

  /**
   * Inserts the instance, or replaces the stored one with the same id: the last writer wins, but `workflowVersion` stays
   * what the first `put` of this id has written. With `expected`, it stores only if the stored instance is still that one: a
   * compare-and-swap, which notices every other writer.
   * Nothing is written if it throws, except `OutcomeUnknownError`.
   *
   * @throws {InvalidInstanceError} for anything that is not an instance.
   * @throws {NotSerializableError} for a value that would not come back as it went in.
   * @throws {SchemaMismatchError} for a value that a schema of its workflow rejects.
   * @throws {StateTooLargeError} if the state is larger than `maxStateBytes`.
   * @throws {ConflictError} if the stored instance is not the expected one, or is gone.
   * @throws {PrecisionLossError} if a compare-and-swap can't succeed because Prisma's verbs have rounded what is stored.
   * @throws {NotStoredError} if the database has suppressed the write: a trigger, a rule or a policy.
   * @example
   * ```ts
   * await storage.put({ ...instance, status: "waiting", currentStep: "payment" });
   * await storage.put({ ...instance, status: "running" }, { expected: instance });
   * ```
   */
  put(instance: InstanceOf<Workflows>, options?: PutOptions): Promise<void>;

  /**
   * Inserts the instance if its id is free. Of any number of inserts of one id, one succeeds.
   *
   * @throws {InstanceExistsError} if the id is taken; nothing is written.
   * @throws {StorageError} as `put` does; nothing is written, except after `OutcomeUnknownError`.
   * @example
   * ```ts
   * await storage.insert(createInstance({ id: "order::4711", workflow: "Order.V1" }));
   * ```
   */
  insert(instance: InstanceOf<Workflows>, options?: CallOptions): Promise<void>;

  /**
   * Changes an instance without losing anybody's update: reads it, calls `change`, compares and swaps, and begins again,
   * after a short random wait, if another writer was faster. So `change` can be called more than once. It returns the
   * instance that is to be stored, or the same object to leave the row unchanged.
   *
   * Inside your transaction, another one's write is seen under READ COMMITTED only; otherwise the conflict says so.
   *
   * @returns the instance that it has stored. What a trigger makes of it is not read.
   * @throws {InstanceNotFoundError} if no instance has this id.
   * @throws {ConflictError} after `attempts` attempts.
   * @throws {StorageError} as `get` and `put` do.
   * @throws {unknown} what `change` throws.
   * @example
   * ```ts
   * const paid = await storage.update("order::4711", (order) => ({ ...order, status: "running", currentStep: "ship" }));
   * ```
   */
  update(id: string, change: InstanceChange<InstanceOf<Workflows>>, options?: UpdateOptions): Promise<InstanceOf<Workflows>>;

  /**
   * Stores many instances, all or none, with the same result as one `put` after another: versions stay, and the last one of
   * an id wins.
   *
   * @throws {StorageError} as `put` does.
   * @example
   * ```ts
   * await storage.putMany(orders.map(({ id }) => createInstance({ id, workflow: "Order.V1" })));
   * ```
   */
  putMany(instances: readonly InstanceOf<Workflows>[], options?: CallOptions): Promise<void>;

  /**
   * Deletes the instance with this id. Nothing happens if there is none.
   *
   * @throws {InvalidIdError} for an id that no instance can have.
   * @throws {NotStoredError} if the database keeps the instance: a trigger, a rule or a policy.
   * @example
   * ```ts
   * await storage.delete("order::4711");
   * ```
   */
  delete(id: string, options?: CallOptions): Promise<void>;

  /**
   * Returns the instances that match every filter, or all of them if none is given, in the order of their ids (by the
   * collation of the database). With `limit` and `after`, one page of them, which is full as long as more match. With
   * `forUpdate`, the rows of the page are locked until your transaction ends.
   *
   * @throws {InvalidFilterError} for a filter that is unknown, `undefined` or of the wrong type, and for filters that aren't plain.
   * @throws {InvalidOptionError} likewise for an option, and for `forUpdate` without a `limit`, outside of a transaction, by
   * Prisma's verbs, in memory, and on a table of several nodes, whose rows can't be locked together.
   * @throws {StorageError} as `get` does for a row that matches and can't be returned, unless `onUnreadable` says otherwise.
   * @example
   * ```ts
   * const active = await storage.query({ workflowFamily: "Order.", statusIn: ["pending", "running", "waiting"] });
   * const readable = await storage.query({}, { onUnreadable: ({ id, message }) => console.warn(id, message) });
   * await prisma.$transaction(async (tx) => {
   *   const claimed = await storage.withTransaction(tx).query({ status: "pending" }, { limit: 10, forUpdate: "skip locked" });
   * });
   * ```
   */
  query<Name extends NameOf<Workflows>>(
    filters?: FilterOf<Workflows, Name>,
    options?: QueryOptions,
  ): Promise<InstanceOf<Workflows, Name>[]>;

  /**
   * Returns the same instances one by one, in the same order, in constant memory. While others write and delete, it sees no
   * instance twice, and misses none that is there throughout.
   *
   * @throws {StorageError} as `query` does; for filters and options at once, before anything is read.
   * @example
   * ```ts
   * for await (const instance of storage.stream({ status: "failed" })) console.log(instance.id);
   * ```
   */
  stream<Name extends NameOf<Workflows>>(
    filters?: FilterOf<Workflows, Name>,
    options?: StreamOptions,
  ): AsyncGenerator<InstanceOf<Workflows, Name>, void, undefined>;

  /**
   * Returns one page of summaries, which never read the state: the last updated first, unless the options say otherwise.
   * A page begins after the `nextCursor` of the one before, even if that row is deleted meanwhile. Under `updatedAt`,
   * an instance that is stored between two pages changes its place.
   *
   * @throws {InvalidFilterError} as `query` does.
   * @throws {InvalidOptionError} as `query` does, and for a `cursor` that is not the `nextCursor` of a list in this order.
   * @throws {CorruptInstanceError} if a row's columns can't be an instance's, unless `onUnreadable` says otherwise.
   * @example
   * ```ts
   * const { items, nextCursor } = await storage.list({ status: "failed" }, { limit: 20 });
   * const next = await storage.list({ status: "failed" }, { limit: 20, cursor: nextCursor });
   * ```
   */
  list(filters?: QueryFilters<NameOf<Workflows>>, options?: ListOptions): Promise<SummaryPage>;

  /**
   * Returns how many instances match, in one statement.
   *
   * @throws {InvalidFilterError} as `query` does.
   * @example
   * ```ts
   * const waiting = await storage.count({ status: "waiting" });
   * ```
   */
  count(filters?: QueryFilters<NameOf<Workflows>>, options?: CallOptions): Promise<number>;

  /**
   * Returns how many instances match for each status, workflow or version, in one statement; those with none are left out.
   * Values are counted as they are stored: an unknown status of another writer is a key too, whatever the type says.
   *
   * @throws {InvalidFilterError} as `query` does.
   * @throws {InvalidOptionError} with the `option` `by`, for any other `by`.
   * @example
   * ```ts
   * const failed = (await storage.countBy("status")).get("failed") ?? 0;
   * ```
   */
  countBy<By extends CountColumn>(
    by: By,
    filters?: QueryFilters<NameOf<Workflows>>,
    options?: CallOptions,
  ): Promise<Map<Instance[By], number>>;

  /**
   * Deletes what matches, in batches, and returns how many. Rows that the database keeps are left, and so are those that
   * others have locked; Prisma's verbs, and SQL on Citus, wait for them. A signal ends it between two batches: `onProgress`
   * has said how many were deleted.
   *
   * @throws {InvalidFilterError} if the filters select every instance, unless `all` is given, and if they select pending,
   * running or waiting ones, unless `includeActive` is given; nothing is deleted.
   * @example
   * ```ts
   * const month = new Date(Date.now() - 30 * 24 * 60 * 60 * 1000);
   * await storage.prune({ statusIn: ["completed", "failed"], updatedBefore: month });
   * ```
   */
  prune(filters: QueryFilters<NameOf<Workflows>>, options?: PruneOptions): Promise<number>;
}
