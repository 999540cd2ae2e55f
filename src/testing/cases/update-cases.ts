import assert from "node:assert/strict";
import type { InstanceStorage } from "../../storage/storage.js";
import { anInstance } from "../an-instance.js";
import { badIds } from "./bad-ids.js";
import type { Cases } from "./cases.js";
import { read } from "./reading.js";

const counting = (n: number): ReturnType<typeof anInstance> => anInstance({ runtimeMetadata: { n } });

/** Adds to what is stored, as another writer would. */
async function add(storage: InstanceStorage, more: number): Promise<void> {
  const { runtimeMetadata } = await read(storage);
  await storage.put(counting(Number(runtimeMetadata.n) + more));
}

export const updateCases: Cases = {
  "reads, changes, stores, and returns what is stored": async (storage) => {
    await storage.put(anInstance());
    const updated = await storage.update("order::1", (current) => Promise.resolve({ ...current, status: "running" }));
    assert.deepEqual(updated, anInstance({ status: "running" }));
    assert.deepEqual(await storage.get("order::1"), updated);
  },

  "keeps the version, and returns it": async (storage) => {
    await storage.put(anInstance());
    const updated = await storage.update("order::1", (current) => ({ ...current, workflowVersion: 9 }));
    assert.deepEqual([updated.workflowVersion, (await read(storage)).workflowVersion], [2, 2]);
  },

  "begins again if another writer was faster, with what that one stored": async (storage) => {
    await storage.put(counting(0));
    const seen: unknown[] = [];
    const updated = await storage.update("order::1", async (current) => {
      seen.push(current.runtimeMetadata.n);
      if (seen.length < 3) await add(storage, 10);
      return { ...current, runtimeMetadata: { n: Number(current.runtimeMetadata.n) + 1 } };
    });
    assert.deepEqual(seen, [0, 10, 20]);
    assert.deepEqual(updated, counting(21));
    assert.deepEqual(await storage.get("order::1"), updated);
  },

  "of four writers, five times each, loses none": async (storage) => {
    await storage.put(counting(0));
    const writer = async (): Promise<void> => {
      for (let n = 0; n < 5; n++)
        await storage.update("order::1", (current) => ({ ...current, runtimeMetadata: { n: Number(current.runtimeMetadata.n) + 1 } }));
    };
    await Promise.all(Array.from({ length: 4 }, writer));
    assert.deepEqual(await storage.get("order::1"), counting(20));
  },

  "returns the very instance that the change returns unchanged": async (storage) => {
    await storage.put(anInstance());
    let given: unknown;
    const returned = await storage.update("order::1", (current) => (given = current));
    assert.equal(returned, given);
  },

  "misses an id that isn't stored, before the change and after it": async (storage) => {
    const missing = { code: "INSTANCE_NOT_FOUND", id: "order::1" };
    await assert.rejects(
      storage.update("order::1", (current) => current),
      missing,
    );
    await storage.put(anInstance());
    const gone = storage.update("order::1", async (current) => {
      await storage.delete("order::1");
      return { ...current, status: "failed" };
    });
    await assert.rejects(gone, missing);
    assert.equal(await storage.get("order::1"), null);
  },

  "conflicts after its attempts": async (storage) => {
    await storage.put(counting(0));
    let calls = 0;
    const change = async (current: ReturnType<typeof anInstance>): Promise<typeof current> => {
      calls++;
      await add(storage, 10);
      return { ...current, status: "failed" };
    };
    await assert.rejects(storage.update("order::1", change, { attempts: 3 }), { code: "CONFLICT", id: "order::1" });
    assert.equal(calls, 3);
    assert.deepEqual(await storage.get("order::1"), counting(30));
  },

  "stops at a signal with its reason, and writes nothing more": async (storage) => {
    await storage.put(anInstance());
    const controller = new AbortController();
    const reason = new Error("shutting down");
    const is = (error: unknown): boolean => error === reason;
    const stopped = storage.update(
      "order::1",
      (current) => {
        controller.abort(reason);
        return { ...current, status: "failed" };
      },
      { signal: controller.signal },
    );
    await assert.rejects(stopped, is);
    await assert.rejects(
      storage.update("order::1", (current) => ({ ...current }), { signal: AbortSignal.abort(reason) }),
      is,
    );
    assert.deepEqual(await storage.get("order::1"), anInstance());
  },

  "passes on what the change throws": async (storage) => {
    await storage.put(anInstance());
    const reason = new Error("no");
    const is = (error: unknown): boolean => error === reason;
    await assert.rejects(
      storage.update("order::1", () => Promise.reject(reason)),
      is,
    );
    await assert.rejects(
      storage.update("order::1", () => {
        throw reason;
      }),
      is,
    );
    assert.deepEqual(await storage.get("order::1"), anInstance());
  },

  "rejects a change to another id or to no instance, and invalid ids and options": async (storage) => {
    await storage.put(anInstance());
    const same = (current: ReturnType<typeof anInstance>): typeof current => current;
    await assert.rejects(
      storage.update("order::1", (current) => ({ ...current, id: "other" })),
      { code: "INVALID_INSTANCE", path: "id" },
    );
    await assert.rejects(
      storage.update("order::1", () => undefined as never),
      { code: "INVALID_INSTANCE" },
    );
    for (const id of badIds) await assert.rejects(storage.update(id, same), { code: "INVALID_ID" });
    for (const options of [{ attempts: 0 }, { attempts: undefined }, { signal: {} }, { tries: 3 }])
      await assert.rejects(storage.update("order::1", same, options as never), { code: "INVALID_OPTION", option: Object.keys(options)[0] });
    assert.deepEqual(await storage.query(), [anInstance()]);
  },
};
