import type { QueryFilters } from "../../storage/filters.js";
import type { InstanceStorage } from "../../storage/storage.js";

/** What a storage must do, by its name: each case gets an empty storage, and is rejected if that one doesn't do so. */
export type Cases = Readonly<Record<string, (storage: InstanceStorage) => Promise<void>>>;

/** What a storage can do beside what every one can. */
export interface Capabilities {
  /** It finds instances by what their states contain: `stateContains`, `contextContains`. */
  readonly containment: boolean;
  /** It reads numbers to the last digit, and stores those beyond ±(2^53−1). */
  readonly exactNumbers: boolean;
  /** It stores keys of any name: `__proto__`, `__prismaRawParameters__`. */
  readonly anyKeys: boolean;
  /** It locks rows, inside a transaction: `forUpdate`. */
  readonly rowLocks: boolean;
}

/** Of some filters, those that a storage takes. */
export function filtersFor<Filters extends QueryFilters>(can: Capabilities, filters: readonly Filters[]): readonly Filters[] {
  return filters.filter((one) => can.containment || !("stateContains" in one || "contextContains" in one));
}

/** A case for each of some items. */
export function eachCase<Item>(
  items: readonly Item[],
  name: (item: Item) => string,
  run: (storage: InstanceStorage, item: Item) => Promise<void>,
): Cases {
  return Object.fromEntries(items.map((item) => [name(item), (storage) => run(storage, item)]));
}
