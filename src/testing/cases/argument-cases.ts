import assert from "node:assert/strict";
import vm from "node:vm";
import type { QueryFilters } from "../../storage/filters.js";
import type { PruneOptions, QueryOptions } from "../../storage/options.js";
import type { InstanceStorage } from "../../storage/storage.js";
import { anInstance, idsUpTo, instancesOf } from "../an-instance.js";
import { type Capabilities, type Cases, eachCase, filtersFor } from "./cases.js";
import { notPlain } from "./invalid-arguments.js";
import { collect, idsOf } from "./reading.js";

/** Every call that takes filters. */
const selecting: readonly ((storage: InstanceStorage, filters: QueryFilters) => Promise<unknown>)[] = [
  (storage, filters) => storage.query(filters),
  async (storage, filters) => collect(storage.stream(filters)),
  (storage, filters) => storage.list(filters),
  (storage, filters) => storage.count(filters),
  (storage, filters) => storage.countBy("status", filters),
  (storage, filters) => storage.prune(filters, { all: true, includeActive: true }),
];

/** Every call that takes options. */
const configurable: readonly ((storage: InstanceStorage, options: object) => Promise<unknown>)[] = [
  (storage, options) => storage.put(anInstance({ id: "new" }), options),
  (storage, options) => storage.update("a01", (instance) => instance, options),
  (storage, options) => storage.query({}, options),
  async (storage, options) => collect(storage.stream({}, options)),
  (storage, options) => storage.list({}, options),
  (storage, options) => storage.prune({ status: "failed" }, options),
];

const LARGE = [2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER];

const names = (count: number): string[] => Array.from({ length: count }, (_, n) => `Order.V${n}`);

export const argumentCases = (can: Capabilities): Cases => ({
  ...eachCase(
    notPlain,
    ([what]) => `rejects filters that are ${what}, and selects nothing`,
    async (storage, [, filters]) => {
      await storage.putMany(instancesOf(idsUpTo(3)));
      for (const select of selecting) await assert.rejects(select(storage, filters), { code: "INVALID_FILTER", filter: "" });
      assert.equal(await storage.count(), 3);
    },
  ),

  ...eachCase(
    notPlain,
    ([what]) => `rejects options that are ${what}`,
    async (storage, [, options]) => {
      await storage.putMany(instancesOf(idsUpTo(3), { status: "failed" }));
      for (const call of configurable) await assert.rejects(call(storage, options), { code: "INVALID_OPTION", option: "" });
      assert.equal(await storage.count(), 3);
    },
  ),

  "reads each filter and each option once": async (storage) => {
    await storage.putMany([anInstance({ id: "a", status: "failed" }), anInstance({ id: "b", status: "running" })]);
    const changing = <Value>(first: Value, then: Value): (() => Value) => {
      let reads = 0;
      return () => (reads++ === 0 ? first : then);
    };
    const status = changing("failed" as const, "running" as const);
    const filters: QueryFilters = {
      get status() {
        return status();
      },
    };
    const batchSize = changing(1, -1);
    const options: PruneOptions = {
      get batchSize() {
        return batchSize();
      },
    };
    assert.equal(await storage.prune(filters, options), 1);
    assert.deepEqual(idsOf(await storage.query()), ["b"]);
  },

  "sees filters and options that aren't enumerable": async (storage) => {
    await storage.putMany(instancesOf(idsUpTo(3), { status: "failed" }));
    const filters: QueryFilters = Object.defineProperty({}, "status", { value: "running" });
    assert.deepEqual(await storage.query(filters), []);
    const options: QueryOptions = Object.defineProperty({}, "limit", { value: 2 });
    assert.equal((await storage.query({}, options)).length, 2);
  },

  "takes filters, lists, times and options of another realm": async (storage) => {
    await storage.putMany([anInstance({ id: "a", status: "failed" }), anInstance({ id: "b", status: "running" })]);
    const foreign = (code: string): object => vm.runInNewContext(`(${code})`) as object;
    const filters = foreign('{ statusIn: ["failed"], insertedAfter: new Date(0), updatedBefore: new Date("9999-12-31") }');
    for (const select of selecting) await select(storage, filters);
    assert.deepEqual(idsOf(await storage.query()), ["b"]);
    assert.deepEqual(idsOf(await storage.query({}, foreign("{ limit: 1 }"))), ["b"]);
    await assert.rejects(storage.query({ updatedAfter: foreign("new Date(NaN)") as Date }), {
      code: "INVALID_FILTER",
      filter: "updatedAfter",
    });
  },

  ...eachCase(
    ["statusIn", "workflowIn", "workflowFamilyIn"],
    (filter) => `rejects a hole in ${filter} with its index`,
    async (storage, filter) => {
      const list = ["failed", "failed"];
      list[3] = "failed";
      for (const select of selecting)
        await assert.rejects(select(storage, { [filter]: list }), { code: "INVALID_FILTER", filter, message: /at \[2\], .* found a hole/ });
    },
  ),

  "takes times of the years 1 and 9999": async (storage) => {
    await storage.put(anInstance());
    const first = new Date("0001-01-01T00:00:00.000Z");
    const last = new Date("9999-12-31T23:59:59.999Z");
    for (const contains of filtersFor<QueryFilters>(can, [{}, { stateContains: {} }])) {
      assert.equal(await storage.count({ insertedAfter: first, updatedBefore: last, ...contains }), 1);
      assert.equal(await storage.count({ insertedBefore: first, ...contains }), 0);
      assert.equal(await storage.count({ updatedAfter: last, ...contains }), 0);
    }
  },

  ...eachCase(
    LARGE,
    (size) => `takes ${size} as a limit and a batch size`,
    async (storage, size) => {
      const ids = idsUpTo(3);
      await storage.putMany(instancesOf(ids, { status: "failed" }));
      for (const filters of filtersFor<QueryFilters>(can, [{}, { stateContains: {} }])) {
        assert.deepEqual(idsOf(await storage.query(filters, { limit: size })), ids);
        assert.deepEqual(idsOf(await storage.query(filters, { limit: size, onUnreadable: "skip" })), ids);
        assert.deepEqual(idsOf(await collect(storage.stream(filters, { batchSize: size }))), ids);
        assert.deepEqual(idsOf((await storage.list(filters, { limit: size, orderBy: "id", direction: "asc" })).items), ids);
      }
      assert.equal(await storage.prune({ status: "failed" }, { batchSize: size }), 3);
    },
  ),

  "takes 16,000 names in a list, and rejects more": async (storage) => {
    await storage.put(anInstance());
    const most = names(16_000);
    assert.equal(await storage.count({ workflowIn: most, workflowFamilyIn: ["Order."] }), 1);
    assert.equal(await storage.count({ workflowIn: [...most, ...most] }), 1);
    const tooMany = names(16_001);
    for (const filter of ["workflowIn", "workflowFamilyIn"])
      for (const select of selecting)
        await assert.rejects(select(storage, { [filter]: tooMany }), { code: "INVALID_FILTER", filter, message: /at most 16000/ });
  },

  "rejects a place that PostgreSQL can't read": async (storage) => {
    await storage.put(anInstance());
    const cursor = (...parts: unknown[]): string => Buffer.from(JSON.stringify(parts)).toString("base64url");
    const rejected = { code: "INVALID_OPTION", option: "after" };
    const rejectedCursor = { code: "INVALID_OPTION", option: "cursor" };
    for (const text of ["a\0", "\ud800"]) {
      await assert.rejects(storage.query({}, { after: text }), rejected);
      assert.throws(() => storage.stream({}, { after: text }), rejected);
      await assert.rejects(storage.list({}, { cursor: text }), rejectedCursor);
      await assert.rejects(storage.list({}, { orderBy: "id", cursor: cursor("id", "desc", null, text) }), rejectedCursor);
      await assert.rejects(storage.list({}, { cursor: cursor("updatedAt", "desc", 0, text) }), rejectedCursor);
    }
    for (const time of [8.64e15, -8.64e15, 1e300, "0", null])
      await assert.rejects(storage.list({}, { cursor: cursor("updatedAt", "desc", time, "a") }), rejectedCursor);
  },
});
