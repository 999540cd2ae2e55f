import assert from "node:assert/strict";
import type { InstanceStorage } from "../../storage/storage.js";
import { anInstance } from "../an-instance.js";
import { badFilters } from "./invalid-arguments.js";
import { type Capabilities, type Cases, eachCase, filtersFor } from "./cases.js";
import { tick } from "./clock.js";
import { matchesSample, sampleFilters, samples } from "./filter-samples.js";
import { idsOf } from "./reading.js";
import type { QueryFilters } from "../../storage/filters.js";

export const queryCases = (can: Capabilities): Cases => ({
  "returns everything, in the order of the ids, for {} and for nothing": async (storage) => {
    for (const instance of samples.toReversed()) await storage.put(instance);
    assert.deepEqual(await storage.query(), samples);
    assert.deepEqual(await storage.query({}), samples);
    assert.deepEqual(await storage.query(undefined, {}), samples);
  },

  ...eachCase(
    filtersFor(can, sampleFilters),
    (filters) => `finds by ${JSON.stringify(filters)}`,
    async (storage, filters) => {
      await storage.putMany(samples);
      const expected = samples.filter((instance) => matchesSample(instance, filters));
      assert.deepEqual(await storage.query(filters), expected);
    },
  ),

  "finds what matches both of any two filters": async (storage) => {
    await storage.putMany(samples);
    const filters = filtersFor(can, sampleFilters);
    for (const [n, one] of filters.entries())
      for (const other of filters.slice(n + 1)) {
        const both = { ...other, ...one };
        const expected = samples.filter((instance) => matchesSample(instance, both));
        assert.deepEqual(idsOf(await storage.query(both)), idsOf(expected), JSON.stringify(both));
      }
  },

  "finds what matches all of many filters": async (storage) => {
    await storage.putMany(samples);
    const many: QueryFilters = {
      statusIn: ["running", "waiting", "failed"],
      workflowIn: ["Order.V1", "Order.V2", "Order_Special"],
      workflowFamily: "Order",
      workflowFamilyIn: ["Order.", "Order_"],
      ...(can.containment && { contextContains: { even: true } }),
      insertedAfter: new Date(0),
      updatedAfter: new Date(0),
    };
    assert.deepEqual(idsOf(await storage.query(many)), [
      "w00s1",
      "w00s2",
      "w00s4",
      ...(can.containment ? [] : ["w01s2"]),
      "w04s1",
      "w04s2",
      "w04s4",
    ]);
    assert.deepEqual(idsOf(await storage.query({ ...many, id: "w04s2", status: "waiting", workflowVersion: 2 })), ["w04s2"]);
    assert.deepEqual(await storage.query({ ...many, id: "w04s2", status: "failed" }), []);
  },

  "finds by the times of the first and the last put, and not at them": async (storage) => {
    const [a, b] = await storedInTurns(storage);
    const before = (time: Date): Date => new Date(time.getTime() - 1);
    const found = async (filters: QueryFilters): Promise<string[]> => idsOf(await storage.query(filters));
    assert.deepEqual(await found({ insertedBefore: b.insertedAt }), ["a"]);
    assert.deepEqual(await found({ insertedBefore: a.insertedAt }), []);
    assert.deepEqual(await found({ insertedAfter: a.insertedAt }), ["b"]);
    assert.deepEqual(await found({ insertedAfter: before(a.insertedAt), insertedBefore: b.insertedAt }), ["a"]);
    assert.deepEqual(await found({ updatedBefore: a.updatedAt }), ["b"]);
    assert.deepEqual(await found({ updatedBefore: b.updatedAt }), []);
    assert.deepEqual(await found({ updatedAfter: b.updatedAt }), ["a"]);
    assert.deepEqual(await found({ updatedAfter: before(b.updatedAt), ...(can.containment && { contextContains: {} }) }), ["a", "b"]);
    assert.deepEqual(await found({ updatedAfter: b.updatedAt, ...(can.containment && { stateContains: {} }) }), ["a"]);
  },

  "takes SQL in a filter for text": async (storage) => {
    await storage.put(anInstance());
    for (const text of ["'; DROP TABLE workflow_instances; --", "' OR 1=1 --", "\"}'::jsonb OR TRUE --", "$1", "\\"])
      for (const filters of filtersFor(can, [{ id: text }, { workflow: text }, { workflowFamily: text }, { contextContains: { text } }]))
        assert.deepEqual(await storage.query(filters), []);
    assert.deepEqual(await storage.query(), [anInstance()]);
  },

  ...eachCase(
    badFilters,
    ([filters]) => `rejects the filters ${describe(filters)}`,
    async (storage, [filters, filter]) => {
      await storage.put(anInstance());
      await assert.rejects(storage.query(filters), { code: "INVALID_FILTER", filter });
    },
  ),
});

/** Stores `a`, then `b`, then `a` again, and returns their summaries. */
async function storedInTurns(storage: InstanceStorage): Promise<[Summary, Summary]> {
  for (const id of ["a", "b", "a"]) {
    await storage.put(anInstance({ id }));
    await tick();
  }
  const { items } = await storage.list({}, { orderBy: "id", direction: "asc" });
  const [a, b] = items;
  assert.ok(a !== undefined && b !== undefined);
  assert.ok(a.insertedAt < b.insertedAt && b.updatedAt < a.updatedAt, "a put keeps insertedAt, and renews updatedAt");
  return [a, b];
}

type Summary = Awaited<ReturnType<InstanceStorage["list"]>>["items"][number];

function describe(filters: unknown): string {
  return JSON.stringify(filters, (_, value: unknown) => (value === undefined ? "undefined" : value));
}
