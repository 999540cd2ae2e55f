import type { Instance } from "../instance/instance.js";
import type { InstanceOf, NameOf, WorkflowMap } from "../instance/workflows.js";
import type { FilterOf, QueryFilters } from "./filters.js";
import type { CountColumn, ListOptions, PruneOptions, QueryOptions, StreamOptions, SummaryPage } from "./options.js";

/** The methods of a storage about many instances. */
export interface CollectionMethods<Workflows extends WorkflowMap<Workflows>> {
  /**
   * Stores many instances, all or none, as `put` would one after the other: versions stay, and the last one of an id wins.
   *
   * @throws {StorageError} as `put` does, before anything is written.
   * @example
   * ```ts
   * await storage.putMany(orders.map(({ id }) => createInstance({ id, workflow: "Order.V1" })));
   * ```
   */
  putMany(instances: readonly InstanceOf<Workflows>[]): Promise<void>;

  /**
   * Returns the instances that match every filter, or all of them if none is given, in the order of their ids (by the
   * collation of the database). With `limit` and `after`, one page of them, which is full as long as more match.
   *
   * @throws {InvalidFilterError} for a filter that is unknown, `undefined` or of the wrong type, and for filters that aren't plain.
   * @throws {InvalidOptionError} likewise for an option.
   * @throws {StorageError} as `get` does for a row that matches and can't be returned, unless `onUnreadable` says otherwise.
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
   * @throws {InvalidOptionError} as `query` does, and for an `after` that is not the `nextCursor` of a list in this order.
   * @throws {CorruptInstanceError} if a row's columns can't be an instance's, unless `onUnreadable` says otherwise.
   * @example
   * ```ts
   * const { items, nextCursor } = await storage.list({ status: "failed" }, { limit: 20 });
   * const more = nextCursor === null ? null : await storage.list({ status: "failed" }, { limit: 20, after: nextCursor });
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
  count(filters?: QueryFilters<NameOf<Workflows>>): Promise<number>;

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
  countBy<By extends CountColumn>(by: By, filters?: QueryFilters<NameOf<Workflows>>): Promise<Map<Instance[By], number>>;

  /**
   * Deletes what matches, in batches, and returns how many. Rows that others have locked are left; a signal stops it
   * between two batches.
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
