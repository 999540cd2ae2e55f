import type { Storage } from "../../storage/storage.js";

/** What a storage must do, by its name: each case gets an empty storage, and is rejected if that one doesn't do so. */
export type Cases = Readonly<Record<string, (storage: Storage) => Promise<void>>>;

/** A case for each of some items. */
export function eachCase<Item>(
  items: readonly Item[],
  name: (item: Item) => string,
  run: (storage: Storage, item: Item) => Promise<void>,
): Cases {
  return Object.fromEntries(items.map((item) => [name(item), (storage) => run(storage, item)]));
}
