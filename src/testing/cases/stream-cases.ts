import assert from "node:assert/strict";
import { anInstance, idsUpTo, instancesOf } from "../an-instance.js";
import { badFilters } from "./invalid-arguments.js";
import { type Capabilities, type Cases, eachCase, filtersFor } from "./cases.js";
import { everySecond, numbered } from "./page-cases.js";
import { collect, idsOf } from "./reading.js";

export const streamCases = (can: Capabilities): Cases => ({
  ...eachCase(
    filtersFor(can, everySecond),
    (filters) => `yields what query returns, whatever the batch size, with ${JSON.stringify(filters)}`,
    async (storage, filters) => {
      await storage.putMany(numbered);
      const expected = numbered.filter(({ status }) => status === "waiting");
      for (const batchSize of [1, 4, 13, 100]) assert.deepEqual(await collect(storage.stream(filters, { batchSize })), expected);
      assert.deepEqual(await collect(storage.stream(filters)), expected);
    },
  ),

  "goes on after an id, whether it is stored or not": async (storage) => {
    await storage.putMany(numbered);
    const after = async (id: string): Promise<string[]> =>
      idsOf(await collect(storage.stream({ status: "waiting" }, { batchSize: 2, after: id })));
    assert.deepEqual(await after("a21"), ["a23", "a25"]);
    assert.deepEqual(await after("a22x"), ["a23", "a25"]);
    assert.deepEqual(await after("a25"), []);
  },

  "yields nothing if nothing matches": async (storage) => {
    await storage.put(anInstance());
    assert.deepEqual(await collect(storage.stream({ status: "failed" })), []);
  },

  "yields no instance twice and misses none, while others are deleted and inserted": async (storage) => {
    const ids = idsUpTo(12);
    await storage.putMany(instancesOf(ids));
    const seen: string[] = [];
    for await (const { id } of storage.stream({}, { batchSize: 3 })) {
      seen.push(id);
      assert.ok(seen.length <= 13, `seen are ${seen.join()}`);
      // After the reader has passed, some go, some come and some change; before it, one that comes will be seen.
      if (seen.length % 3 !== 1) await storage.delete(id);
      else await storage.put(anInstance({ id, status: "completed" }));
      await storage.put(anInstance({ id: `a00x${seen.length}` }));
      if (id === "a01") await storage.put(anInstance({ id: "a99" }));
    }
    assert.deepEqual(seen, [...ids, "a99"]);
  },

  "ends when its reader ends it, and leaves other streams alone": async (storage) => {
    await storage.putMany(instancesOf(idsUpTo(5)));
    const one = storage.stream({}, { batchSize: 2 });
    const other = storage.stream({}, { batchSize: 2 });
    assert.equal((await one.next()).done, false);
    await one.return();
    assert.deepEqual(await one.next(), { done: true, value: undefined });
    assert.deepEqual(await collect(other), instancesOf(idsUpTo(5)));
  },

  "rejects what query rejects, at once": (storage) => {
    for (const [filters, filter] of badFilters) assert.throws(() => storage.stream(filters), { code: "INVALID_FILTER", filter });
    return Promise.resolve();
  },

  "rejects options that are unknown or impossible at once": (storage) => {
    for (const options of [{ batchSize: 0 }, { batchSize: undefined }, { onUnreadable: "ignore" }, { limit: 5 }])
      assert.throws(() => storage.stream({}, options as never), { code: "INVALID_OPTION", option: Object.keys(options)[0] });
    return Promise.resolve();
  },
});
