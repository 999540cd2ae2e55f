import assert from "node:assert/strict";
import type { InstanceStorage } from "../../storage/storage.js";
import { anInstance, idsUpTo, instancesOf } from "../an-instance.js";
import { rejectsBadFilters } from "./invalid-arguments.js";
import { type Capabilities, type Cases, eachCase, filtersFor } from "./cases.js";
import { tick } from "./clock.js";
import { everySecond, numbered } from "./page-cases.js";
import { idsOf, listAll } from "./reading.js";
import type { Direction, OrderColumn } from "../../storage/options.js";

/** Stores a, b, c, then a again, each at a time of its own. */
async function storeInTurns(storage: InstanceStorage): Promise<void> {
  for (const id of ["a", "b", "c", "a"]) {
    await storage.put(anInstance({ id }));
    await tick();
  }
}

const orders: readonly (readonly [orderBy: OrderColumn, direction: Direction, ids: string])[] = [
  ["id", "asc", "abc"],
  ["id", "desc", "cba"],
  ["insertedAt", "asc", "abc"],
  ["insertedAt", "desc", "cba"],
  ["updatedAt", "asc", "bca"],
  ["updatedAt", "desc", "acb"],
];

export const listCases = (can: Capabilities): Cases => ({
  "returns summaries: all columns and no state": async (storage) => {
    const before = Date.now();
    await storage.put(anInstance());
    const { items, nextCursor } = await storage.list();
    assert.equal(nextCursor, null);
    const [summary] = items;
    assert.ok(summary?.insertedAt instanceof Date && summary.updatedAt instanceof Date);
    assert.ok(Math.abs(summary.insertedAt.getTime() - before) < 600_000, "insertedAt is now, in UTC");
    const { insertedAt, updatedAt } = summary;
    assert.deepEqual(items, [{ id: "order::1", workflow: "Order.V2", workflowVersion: 2, status: "waiting", insertedAt, updatedAt }]);
  },

  "returns the last updated first by default": async (storage) => {
    await storeInTurns(storage);
    assert.deepEqual(idsOf((await storage.list()).items), ["a", "c", "b"]);
  },

  ...eachCase(
    orders,
    ([orderBy, direction]) => `returns rows in the order of ${orderBy} ${direction}, also page by page`,
    async (storage, [orderBy, direction, ids]) => {
      await storeInTurns(storage);
      assert.equal(idsOf((await storage.list({}, { orderBy, direction })).items).join(""), ids);
      assert.equal((await listAll(storage, {}, { orderBy, direction, limit: 1 })).join(""), ids);
      assert.equal((await listAll(storage, {}, { orderBy, direction, limit: 2 })).join(""), ids);
    },
  ),

  ...eachCase(
    filtersFor(can, everySecond),
    (filters) => `returns each row once if many have one time, with ${JSON.stringify(filters)}`,
    async (storage, filters) => {
      await storage.putMany(numbered);
      const expected = idsOf(numbered.filter(({ status }) => status === "waiting"));
      for (const [orderBy, direction] of orders)
        assert.deepEqual((await listAll(storage, filters, { orderBy, direction, limit: 4 })).sort(), expected, `${orderBy} ${direction}`);
    },
  ),

  "takes null and undefined as the cursor of the first page": async (storage) => {
    await storage.putMany(instancesOf(idsUpTo(3)));
    const first = await storage.list({}, { limit: 2 });
    for (const cursor of [null, undefined]) assert.deepEqual(await storage.list({}, { limit: 2, cursor }), first);
  },

  "ends exactly where the rows end": async (storage) => {
    await storage.putMany(instancesOf(idsUpTo(4)));
    const exact = await storage.list({}, { limit: 4 });
    assert.deepEqual([exact.items.length, exact.nextCursor], [4, null]);
    const shorter = await storage.list({}, { limit: 3 });
    assert.equal(shorter.items.length, 3);
    assert.notEqual(shorter.nextCursor, null);
  },

  "returns 50 by default": async (storage) => {
    await storage.putMany(instancesOf(idsUpTo(52)));
    const { items, nextCursor } = await storage.list({}, { orderBy: "id", direction: "asc" });
    assert.deepEqual(idsOf(items), idsUpTo(50));
    assert.notEqual(nextCursor, null);
  },

  ...eachCase(
    ["id", "insertedAt"] as const,
    (orderBy) => `returns no row twice and misses none, while others are deleted and inserted, by ${orderBy}`,
    async (storage, orderBy) => {
      const ids = idsUpTo(9);
      for (const id of ids) {
        await storage.put(anInstance({ id }));
        await tick();
      }
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await storage.list({}, { orderBy, direction: "desc", limit: 2, cursor });
        seen.push(...idsOf(page.items));
        assert.ok(seen.length <= 9, `seen are ${seen.join()}`);
        // The row that the cursor names goes, and one comes after the reader has passed.
        for (const { id } of page.items) await storage.delete(id);
        await storage.put(anInstance({ id: `a99x${seen.length}` }));
        cursor = page.nextCursor;
      } while (cursor !== null);
      assert.deepEqual(seen, ids.toReversed());
    },
  ),

  "rejects a text that is not a cursor, or one of another order": async (storage) => {
    await storage.putMany(instancesOf(idsUpTo(2)));
    const { nextCursor } = await storage.list({}, { limit: 1 });
    assert.ok(nextCursor !== null);
    const rejected = { code: "INVALID_OPTION", option: "cursor" };
    for (const cursor of ["", "no cursor", "😀"]) await assert.rejects(storage.list({}, { cursor }), rejected, cursor);
    await assert.rejects(storage.list({}, { cursor: nextCursor, orderBy: "id" }), rejected);
    await assert.rejects(storage.list({}, { cursor: nextCursor, orderBy: "insertedAt" }), rejected);
    await assert.rejects(storage.list({}, { cursor: nextCursor, direction: "asc" }), rejected);
  },

  "rejects the filters that query rejects": (storage) => rejectsBadFilters((filters) => storage.list(filters)),

  "rejects options that are unknown or impossible": async (storage) => {
    const bad: readonly object[] = [
      ...[0, -1, 1.5, undefined].map((limit) => ({ limit })),
      ...["status", undefined].map((orderBy) => ({ orderBy })),
      ...["down", undefined].map((direction) => ({ direction })),
      ...[{ cursor: 7 }, { after: "a" }],
    ];
    for (const options of bad)
      await assert.rejects(storage.list({}, options), { code: "INVALID_OPTION", option: Object.keys(options)[0] }, JSON.stringify(options));
  },
});
