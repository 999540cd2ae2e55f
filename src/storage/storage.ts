import type { Instance } from "../instance/instance.js";
import type { CountColumn, ListOptions, PruneOptions, PutOptions, QueryOptions, StreamOptions, UpdateOptions } from "./options.js";
import type { InstanceSummary } from "../instance/summary.js";
import type { AnyWorkflows, InstanceOf, NameOf, WorkflowMap } from "../instance/workflows.js";
import type { FilterOf, QueryFilters } from "./filters.js";

/** Makes the next instance of the one that is stored; answers that very one where there is nothing to do. */
export type Change<Stored extends Instance = Instance> = (instance: Stored) => Stored | Promise<Stored>;

/** One page of a list. */
export interface SummaryPage {
  readonly items: InstanceSummary[];
  /** Where the next page begins; `null` where there is none. */
  readonly nextCursor: string | null;
}

/**
 * Where a workflow engine keeps its instances.
 *
 * `Workflows` maps the names of workflows to the types of their values. It is a claim: what others have stored, under
 * these names or others, is handed out as one of these types. The option `schemas` checks what it has schemas for.
 */
export interface Storage<Workflows extends WorkflowMap<Workflows> = AnyWorkflows> {
  /**
   * The instance with this id, or `null` where none is stored.
   *
   * @throws {InvalidIdError} for an id that no instance can have.
   * @throws {CorruptInstanceError} where the row holds no instance.
   * @throws {PrecisionLossError} where a number of its state would lose digits: see `bigIntegers`.
   * @throws {SchemaMismatchError} where a schema of its workflow refuses a value: see `schemas`.
   * @example
   * ```ts
   * const instance = await storage.get("order::4711");
   * ```
   */
  get(id: string): Promise<InstanceOf<Workflows> | null>;

  /**
   * Stores an instance, in place of the one with its id where there is one. The last writer wins, but
   * `workflowVersion` stays what the first `put` of this id has written.
   *
   * With `expected`, it stores only where the stored instance is still that one: a compare-and-swap. It notices every
   * other writer, an Elixir service and a hand in Prisma Studio included.
   *
   * @throws {InvalidInstanceError} where it is no instance; nothing is written.
   * @throws {NotSerializableError} where a value would not come back as it went in; nothing is written.
   * @throws {SchemaMismatchError} where a schema of its workflow refuses a value; nothing is written.
   * @throws {StateTooLargeError} where the state is larger than `maxStateBytes`; nothing is written.
   * @throws {ConflictError} where the stored instance is no longer the expected one, or is gone; nothing is written.
   * @throws {OutcomeUnknownError} where the connection was lost during a compare-and-swap.
   * @throws {InvalidOptionError} if no storage has read `expected`, or if it is a copy of what one has read.
   * @example
   * ```ts
   * await storage.put({ ...instance, status: "waiting", currentStep: "payment" });
   * await storage.put({ ...instance, status: "running" }, { expected: instance });
   * ```
   */
  put(instance: InstanceOf<Workflows>, options?: PutOptions): Promise<void>;

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
  insert(instance: InstanceOf<Workflows>): Promise<void>;

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
  update(id: string, change: Change<InstanceOf<Workflows>>, options?: UpdateOptions): Promise<InstanceOf<Workflows>>;

  /**
   * Stores many instances, all or none, as `put` would one after the other: versions stay, and the last one of an id wins.
   *
   * @throws what `put` throws, before anything is written.
   * @example
   * ```ts
   * await storage.putMany(orders.map(({ id }) => createInstance({ id, workflow: "Order.V1" })));
   * ```
   */
  putMany(instances: readonly InstanceOf<Workflows>[]): Promise<void>;

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
   * (by the collation of the database). With `limit` and `after`, one page of them.
   *
   * @throws {InvalidFilterError} for a filter that is unknown, `undefined` or of the wrong type; nothing is read.
   * @throws {InvalidOptionError} likewise for an option.
   * @throws what `get` throws for a row that matches and can't be handed out, unless `onUnreadable` says otherwise.
   * @example
   * ```ts
   * const active = await storage.query({ workflowFamily: "Order.", statusIn: ["pending", "running", "waiting"] });
   * const page = await storage.query({ status: "failed" }, { limit: 100, after: "order::4711" });
   * const readable = await storage.query({}, { onUnreadable: ({ id, message }) => console.warn(id, message) });
   * ```
   */
  query<Name extends NameOf<Workflows>>(
    filters?: FilterOf<Workflows, Name>,
    options?: QueryOptions,
  ): Promise<InstanceOf<Workflows, Name>[]>;

  /**
   * The same instances one by one, in the same order, in constant memory. While others write and delete, it sees no
   * instance twice, and misses none that is there throughout.
   *
   * @throws what `query` throws; for filters and options at once, before anything is read.
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
   * One page of summaries, which never read the state: the last updated first, unless the options say otherwise.
   * A page begins behind the `nextCursor` of the one before, even if that row is deleted meanwhile. Under `updatedAt`,
   * an instance that is stored between two pages changes its place.
   *
   * @throws {InvalidFilterError} and {@link InvalidOptionError}, also for a cursor that is none; nothing is read.
   * @throws {CorruptInstanceError} where a row's columns can't be an instance's, unless `onUnreadable` says otherwise.
   * @example
   * ```ts
   * const { items, nextCursor } = await storage.list({ status: "failed" }, { limit: 20 });
   * const more = nextCursor === null ? null : await storage.list({ status: "failed" }, { limit: 20, cursor: nextCursor });
   * ```
   */
  list(filters?: QueryFilters<NameOf<Workflows>>, options?: ListOptions): Promise<SummaryPage>;

  /**
   * How many instances match, in one statement.
   *
   * @throws {InvalidFilterError} as `query` does.
   * @example
   * ```ts
   * const waiting = await storage.count({ status: "waiting" });
   * ```
   */
  count(filters?: QueryFilters<NameOf<Workflows>>): Promise<number>;

  /**
   * How many instances match for each status, workflow or version, in one statement; those with none are left out.
   *
   * @throws {InvalidFilterError} as `query` does.
   * @example
   * ```ts
   * const failed = (await storage.countBy("status")).get("failed") ?? 0;
   * ```
   */
  countBy<By extends CountColumn>(by: By, filters?: QueryFilters<NameOf<Workflows>>): Promise<Map<Instance[By], number>>;

  /**
   * Deletes what matches, in batches, and answers how many. Rows that others have locked are left; a signal stops it
   * between two batches.
   *
   * @throws {InvalidFilterError} for no filter at all, unless `all` is given, and where pending, running or waiting
   * instances would be deleted, unless `includeActive` is given; nothing is deleted.
   * @example
   * ```ts
   * const month = new Date(Date.now() - 30 * 24 * 60 * 60 * 1000);
   * await storage.prune({ statusIn: ["completed", "failed"], updatedBefore: month });
   * ```
   */
  prune(filters: QueryFilters<NameOf<Workflows>>, options?: PruneOptions): Promise<number>;
}
