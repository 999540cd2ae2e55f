import assert from "node:assert/strict";
import type { SummaryPage } from "../../storage/options.js";
import type { Instance } from "../../instance/instance.js";
import type { InstanceStorage } from "../../storage/storage.js";

/** The stored instance with this id. */
export async function read(storage: InstanceStorage, id = "order::1"): Promise<Instance> {
  const instance = await storage.get(id);
  assert.ok(instance !== null, `${id} is stored`);
  return instance;
}

/** The ids of what was found, in its order. */
export function idsOf(found: readonly { readonly id: string }[]): string[] {
  return found.map(({ id }) => id);
}

/** Everything that a stream yields. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The ids of all pages of a list. */
export async function listAll(storage: InstanceStorage, ...[filters, options]: Parameters<InstanceStorage["list"]>): Promise<string[]> {
  const ids: string[] = [];
  let pages = 0;
  let cursor: string | null | undefined;
  do {
    assert.ok(pages++ < 100, "the pages come to an end");
    const page: SummaryPage = await storage.list(filters, { ...options, cursor });
    ids.push(...idsOf(page.items));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return ids;
}
