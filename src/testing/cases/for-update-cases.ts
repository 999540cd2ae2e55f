import assert from "node:assert/strict";
import type { QueryOptions } from "../../storage/options.js";
import type { InstanceStorage } from "../../storage/storage.js";
import { anInstance, idsUpTo, instancesOf } from "../an-instance.js";
import { type Cases, eachCase } from "./cases.js";
import { idsOf } from "./reading.js";

/** Runs a call in a transaction of its own, which is committed if the call succeeds. */
export type Transact = <Result>(storage: InstanceStorage, call: (within: InstanceStorage) => Promise<Result>) => Promise<Result>;

const rejected = { code: "INVALID_OPTION", option: "forUpdate" };

/** Asserts that nothing can be locked. */
export async function rejectsForUpdate(storage: InstanceStorage): Promise<void> {
  await assert.rejects(storage.get("order::1", { forUpdate: true }), rejected);
  for (const forUpdate of [true, "skip locked", "nowait"] as const)
    await assert.rejects(storage.query({}, { limit: 1, forUpdate }), rejected);
}

/** What every storage does, whether it has locks or not. */
export const forUpdateCases: Cases = {
  "rejects forUpdate outside of a transaction": async (storage) => {
    await storage.put(anInstance());
    await rejectsForUpdate(storage);
  },

  "takes false for no lock, and rejects what is no lock": async (storage) => {
    await storage.put(anInstance());
    assert.deepEqual(await storage.get("order::1", { forUpdate: false }), anInstance());
    assert.deepEqual(await storage.query({}, { forUpdate: false }), [anInstance()]);
    assert.deepEqual(await storage.query({}, { forUpdate: false, limit: 1 }), [anInstance()]);
    for (const forUpdate of ["true", "skip locked", 1, null, undefined])
      await assert.rejects(storage.get("order::1", { forUpdate } as object), rejected);
    for (const forUpdate of ["true", "SKIP LOCKED", "share", 1, null, undefined])
      await assert.rejects(storage.query({}, { limit: 1, forUpdate } as object), rejected);
  },
};

const state = { current_step: "payment" };

/** Pages with and without containment, which lock by different statements. */
const filters = [{ status: "waiting" }, { status: "waiting", stateContains: state }] as const;

/** What a storage does that locks rows. */
export const rowLockCases = (transact: Transact): Cases => {
  const lock = (storage: InstanceStorage, filter: object, options: QueryOptions): Promise<string[]> =>
    transact(storage, async (within) => idsOf(await within.query(filter, options)));

  return {
    "returns what it returns without a lock": async (storage) => {
      await storage.putMany([...instancesOf(idsUpTo(5)), anInstance({ id: "a03", status: "failed" })]);
      await transact(storage, async (within) => {
        assert.equal(await within.get("nobody", { forUpdate: true }), null);
        assert.deepEqual(await within.get("a01", { forUpdate: true }), anInstance({ id: "a01" }));
        for (const filter of filters)
          for (const forUpdate of [true, "skip locked", "nowait"] as const) {
            const page = await within.query(filter, { limit: 2, after: "a01", forUpdate });
            assert.deepEqual(page, instancesOf(["a02", "a04"]));
            assert.deepEqual(idsOf(await within.query(filter, { limit: Number.MAX_SAFE_INTEGER, forUpdate })), [
              "a01",
              "a02",
              "a04",
              "a05",
            ]);
            assert.deepEqual(await within.query({ ...filter, id: "nobody" }, { limit: 1, forUpdate }), []);
          }
      });
    },

    "needs a limit": async (storage) => {
      await transact(storage, async (within) => {
        for (const forUpdate of [true, "skip locked", "nowait"] as const)
          await assert.rejects(within.query({}, { forUpdate }), { ...rejected, message: /limit/ });
      });
    },

    ...eachCase(
      filters,
      (filter) => `locks a page of ${JSON.stringify(filter)} until its transaction ends`,
      async (storage, filter) => {
        await storage.putMany(instancesOf(idsUpTo(5)));
        const skip = { limit: 2, forUpdate: "skip locked" } as const;
        await transact(storage, async (within) => {
          assert.deepEqual(idsOf(await within.query(filter, skip)), ["a01", "a02"]);
          assert.deepEqual(await lock(storage, filter, skip), ["a03", "a04"]);
          assert.deepEqual(await lock(storage, filter, { limit: 9, forUpdate: "skip locked" }), ["a03", "a04", "a05"]);
          assert.deepEqual(await lock(storage, filter, { limit: 2, after: "a02", forUpdate: "nowait" }), ["a03", "a04"]);
          await assert.rejects(lock(storage, filter, { limit: 1, forUpdate: "nowait" }));
        });
        assert.deepEqual(await lock(storage, filter, skip), ["a01", "a02"]);
      },
    ),

    ...eachCase(
      filters,
      (filter) => `waits for a page of ${JSON.stringify(filter)}, and returns what others have stored meanwhile`,
      async (storage, filter) => {
        await storage.putMany(instancesOf(["a", "b", "c"]));
        let page: Promise<unknown> | undefined;
        await transact(storage, async (within) => {
          await within.putMany([anInstance({ id: "a", runtimeMetadata: { n: 1 } }), anInstance({ id: "b", status: "failed" })]);
          page = transact(storage, (other) => other.query(filter, { limit: 3, forUpdate: true }));
        });
        assert.deepEqual(await page, [anInstance({ id: "a", runtimeMetadata: { n: 1 } }), anInstance({ id: "c" })]);
      },
    ),

    "locks the row of a get, which waits for who has locked it": async (storage) => {
      await storage.putMany(instancesOf(["a", "b"]));
      let got: Promise<unknown> | undefined;
      await transact(storage, async (within) => {
        const read = await within.get("a", { forUpdate: true });
        assert.deepEqual(await lock(storage, {}, { limit: 2, forUpdate: "skip locked" }), ["b"]);
        got = transact(storage, (other) => other.get("a", { forUpdate: true }));
        await within.put({ ...anInstance({ id: "a" }), ...read, status: "failed" });
      });
      assert.deepEqual(await got, anInstance({ id: "a", status: "failed" }));
    },
  };
};
