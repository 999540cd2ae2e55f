import assert from "node:assert/strict";
import type { JsonLikeObject } from "../../instance/instance.js";
import type { InstanceStorage } from "../../storage/storage.js";
import { anInstance } from "../an-instance.js";
import { type Cases, eachCase } from "./cases.js";
import { collect, idsOf } from "./reading.js";

const initials: Readonly<Record<string, JsonLikeObject>> = {
  a: { customer: 1, items: [{ sku: "x", cents: 5 }, { sku: "y" }], tags: ["red", "blue"], deep: [[1, 2], [3]] },
  b: { customer: "1", items: [], tags: ["red", "red"], nothing: null, empty: {} },
  c: { customer: 1.5, items: {}, toString: 1, flag: false, "a.b": { "": [null] } },
  d: { at: new Date(0), set: new Set(["5"]), big: 1e23, text: "'\"\\ %_ \u2028" },
  e: {},
};

/** What a pattern finds, as PostgreSQL's `@>` means it. */
const patterns: readonly (readonly [pattern: JsonLikeObject, ids: string])[] = [
  [{}, "abcde"],
  [{ customer: 1 }, "a"],
  [{ customer: "1" }, "b"],
  [{ customer: 1.5 }, "c"],
  [{ customer: 2 }, ""],
  [{ items: [] }, "ab"],
  [{ items: {} }, "c"],
  [{ items: [{}] }, "a"],
  [{ items: [{ sku: "x" }] }, "a"],
  [{ items: [{ sku: "y" }, { cents: 5 }, { sku: "x" }] }, "a"],
  [{ items: [{ sku: "y", cents: 5 }] }, ""],
  [{ items: { sku: "x" } }, ""],
  [{ tags: ["red"] }, "ab"],
  [{ tags: ["blue", "red", "blue"] }, "a"],
  [{ tags: ["red", "green"] }, ""],
  [{ tags: "red" }, ""],
  [{ deep: [[2]] }, "a"],
  [{ deep: [[3], [2, 1]] }, "a"],
  [{ deep: [[1, 3]] }, ""],
  [{ deep: [1] }, ""],
  [{ nothing: null }, "b"],
  [{ missing: null }, ""],
  [{ empty: {} }, "b"],
  [{ empty: { a: 1 } }, ""],
  [{ toString: 1 }, "c"],
  [{ constructor: {} }, ""],
  [{ flag: false }, "c"],
  [{ flag: 0 }, ""],
  [{ "a.b": { "": [null] } }, "c"],
  [{ at: "1970-01-01T00:00:00.000Z" }, "d"],
  [{ set: ["5"] }, "d"],
  [{ big: 1e23 }, "d"],
  [{ text: "'\"\\ %_ \u2028" }, "d"],
];

const store = (storage: InstanceStorage): Promise<void> =>
  storage.putMany(
    Object.entries(initials).map(([id, initial]) =>
      anInstance({ id, context: { initial, steps: {} }, status: id < "c" ? "failed" : "waiting", currentStep: id === "c" ? "pay" : null }),
    ),
  );

export const containmentCases: Cases = {
  ...eachCase(
    patterns,
    ([pattern]) => `finds by ${JSON.stringify(pattern)} in the initial context`,
    async (storage, [pattern, ids]) => {
      await store(storage);
      assert.equal(idsOf(await storage.query({ contextContains: pattern })).join(""), ids);
      assert.equal(idsOf(await storage.query({ stateContains: { context: { initial: pattern } } })).join(""), ids);
    },
  ),

  "finds by the keys of the stored form": async (storage) => {
    await store(storage);
    assert.deepEqual(idsOf(await storage.query({ stateContains: { current_step: "pay" } })), ["c"]);
    assert.deepEqual(idsOf(await storage.query({ stateContains: { active_steps: ["payment"], current_step: null } })), [
      "a",
      "b",
      "d",
      "e",
    ]);
    assert.deepEqual(await storage.query({ stateContains: { currentStep: "pay" } }), []);
    assert.deepEqual(idsOf(await storage.query({ stateContains: { execution_history: [{ event: "timeout" }] } })), [
      "a",
      "b",
      "c",
      "d",
      "e",
    ]);
  },

  "combines with pages, streams, lists, counts and prune": async (storage) => {
    await store(storage);
    const filters = { contextContains: { tags: ["red"] }, stateContains: { active_steps: ["notify"] }, status: "failed" } as const;
    assert.deepEqual(idsOf(await storage.query(filters, { limit: 1 })), ["a"]);
    assert.deepEqual(idsOf(await storage.query(filters, { limit: 1, after: "a" })), ["b"]);
    assert.deepEqual(idsOf(await collect(storage.stream(filters, { batchSize: 1 }))), ["a", "b"]);
    assert.deepEqual(idsOf((await storage.list(filters, { orderBy: "id" })).items), ["b", "a"]);
    assert.equal(await storage.count(filters), 2);
    assert.deepEqual(await storage.countBy("status", filters), new Map([["failed", 2]]));
    assert.equal(await storage.prune(filters), 2);
    assert.deepEqual(idsOf(await storage.query()), ["c", "d", "e"]);
  },
};
