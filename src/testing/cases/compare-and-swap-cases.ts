import assert from "node:assert/strict";
import type { Instance } from "../../instance/instance.js";
import { anInstance } from "../an-instance.js";
import { type Capabilities, type Cases, eachCase } from "./cases.js";
import { collect, read } from "./reading.js";

const others: readonly (readonly [what: string, change: Partial<Instance>])[] = [
  ["its status", { status: "failed" }],
  ["its workflow", { workflow: "Order.V3" }],
  ["its step", { currentStep: "ship" }],
  ["its context", { context: { initial: { items: [{ sku: "A-1", cents: 2000 }] }, steps: {} } }],
  ["an active step", { activeSteps: new Set(["payment"]) }],
  ["its history", { executionHistory: [] }],
  ["a rich value in it", { runtimeMetadata: { at: new Date(1) } }],
];

/** Copies of an instance that was read, from a row in the writer's own form. */
const copies: readonly (readonly [what: string, copy: (instance: Instance) => Instance])[] = [
  ["a spread copy", (instance) => ({ ...instance })],
  ["a deep spread copy", (instance) => ({ ...instance, context: { ...instance.context } })],
  ["a structuredClone", (instance) => structuredClone(instance)],
];

const conflict = { code: "CONFLICT", id: "order::1" };

export const compareAndSwapCases = (can: Capabilities): Cases => ({
  "stores if the stored instance is still the expected one": async (storage) => {
    await storage.put(anInstance());
    const current = await read(storage);
    await storage.put({ ...current, status: "completed", activeSteps: new Set() }, { expected: current });
    assert.deepEqual(await storage.get("order::1"), anInstance({ status: "completed", activeSteps: new Set() }));
  },

  "keeps the version": async (storage) => {
    await storage.put(anInstance());
    const current = await read(storage);
    await storage.put({ ...current, workflowVersion: 9 }, { expected: current });
    assert.equal((await read(storage)).workflowVersion, 2);
  },

  ...eachCase(
    others,
    ([what]) => `conflicts if another writer has changed ${what}, and writes nothing`,
    async (storage, [, change]) => {
      await storage.put(anInstance());
      const current = await read(storage);
      await storage.put(anInstance(change));
      await assert.rejects(storage.put({ ...current, status: "completed" }, { expected: current }), conflict);
      assert.deepEqual(await storage.get("order::1"), anInstance(change));
    },
  ),

  "conflicts if another writer has deleted it, and writes nothing": async (storage) => {
    await storage.put(anInstance());
    const current = await read(storage);
    await storage.delete("order::1");
    await assert.rejects(storage.put({ ...current, status: "completed" }, { expected: current }), conflict);
    assert.equal(await storage.get("order::1"), null);
  },

  "conflicts if another writer has stored it anew with another version": async (storage) => {
    await storage.put(anInstance());
    const current = await read(storage);
    await storage.delete("order::1");
    await storage.put(anInstance({ workflowVersion: 3 }));
    await assert.rejects(storage.put({ ...current, status: "completed" }, { expected: current }), conflict);
    assert.deepEqual(await storage.get("order::1"), anInstance({ workflowVersion: 3 }));
  },

  "conflicts with itself if an expected is used twice": async (storage) => {
    await storage.put(anInstance());
    const current = await read(storage);
    await storage.put({ ...current, status: "running" }, { expected: current });
    await assert.rejects(storage.put({ ...current, status: "failed" }, { expected: current }), conflict);
    assert.equal((await read(storage)).status, "running");
  },

  "compares rich values and large integers by what they are": async (storage) => {
    const runtimeMetadata = {
      at: new Date(0),
      text: "\0",
      n: 2n ** 64n + 1n,
      ...(can.exactNumbers && { large: 1e23 }),
      map: new Map([[1, -0]]),
      not: Number.NaN,
    };
    await storage.put(anInstance({ runtimeMetadata }));
    const current = await read(storage);
    await storage.put({ ...current, runtimeMetadata: { ...runtimeMetadata, n: 2n ** 64n + 2n } });
    await assert.rejects(storage.put({ ...current, status: "failed" }, { expected: current }), conflict);
    const now = await read(storage);
    await storage.put({ ...now, status: "completed" }, { expected: now });
    assert.deepEqual(await storage.get("order::1"), { ...now, status: "completed" });
  },

  "takes what get, query, stream and update gave": async (storage) => {
    await storage.put(anInstance());
    const step = async (given: Instance | undefined, currentStep: string): Promise<void> => {
      assert.ok(given !== undefined);
      await storage.put({ ...given, currentStep }, { expected: given });
    };
    await step(await read(storage), "a");
    await step((await storage.query())[0], "b");
    await step((await collect(storage.stream()))[0], "c");
    const updated = await storage.update("order::1", (current) => ({ ...current, currentStep: "d", workflowVersion: 7 }));
    await step(updated, "e");
    await step(await storage.update("order::1", (current) => current), "f");
    assert.deepEqual(await storage.get("order::1"), anInstance({ currentStep: "f" }));
  },

  "of ten at once on what was read, lets one through": async (storage) => {
    await storage.put(anInstance());
    const current = await read(storage);
    const swaps = Array.from({ length: 10 }, (_, n) => storage.put({ ...current, runtimeMetadata: { n } }, { expected: current }));
    const settled = await Promise.allSettled(swaps);
    const losers = settled.flatMap((one) => (one.status === "rejected" ? [one.reason as { code?: unknown }] : []));
    assert.deepEqual(
      losers.map(({ code }) => code),
      Array<string>(9).fill("CONFLICT"),
    );
    assert.deepEqual((await read(storage)).runtimeMetadata, { n: settled.findIndex(({ status }) => status === "fulfilled") });
  },

  "of four writers that read and swap four times each, loses no update": async (storage) => {
    await storage.put(anInstance({ runtimeMetadata: { n: 0 } }));
    const writer = async (): Promise<void> => {
      // Who loses has lost to another, and the others win 12 times in all.
      for (let done = 0, tries = 1; done < 4; tries++) {
        assert.ok(tries <= 16, "each conflict is another one's success");
        const current = await read(storage);
        const next = { ...current, runtimeMetadata: { n: Number(current.runtimeMetadata.n) + 1 } };
        try {
          await storage.put(next, { expected: current });
          done++;
        } catch (error) {
          if ((error as { code?: unknown }).code !== "CONFLICT") throw error;
        }
      }
    };
    await Promise.all(Array.from({ length: 4 }, writer));
    assert.deepEqual((await read(storage)).runtimeMetadata, { n: 16 });
  },

  ...eachCase(
    copies,
    ([what]) => `takes ${what} as expected`,
    async (storage, [, copy]) => {
      await storage.put(anInstance({ runtimeMetadata: { at: new Date(0), map: new Map([["a", 1n]]) } }));
      const current = await read(storage);
      await storage.put({ ...current, status: "completed" }, { expected: copy(current) });
      assert.equal((await read(storage)).status, "completed");
      await assert.rejects(storage.put({ ...current, status: "failed" }, { expected: copy(current) }), conflict);
    },
  ),

  "takes what was put as expected, though it was never read": async (storage) => {
    await storage.put(anInstance());
    await storage.put(anInstance({ status: "completed" }), { expected: anInstance() });
    await assert.rejects(storage.put(anInstance({ status: "failed" }), { expected: anInstance() }), conflict);
    assert.deepEqual(await storage.get("order::1"), anInstance({ status: "completed" }));
  },

  "conflicts if the expected was changed in place": async (storage) => {
    await storage.put(anInstance());
    const current = await read(storage);
    Object.assign(current, { currentStep: "spoilt" });
    await assert.rejects(storage.put({ ...current, status: "failed" }, { expected: current }), conflict);
    assert.deepEqual(await storage.get("order::1"), anInstance());
  },

  "rejects an expected that can't be an instance": async (storage) => {
    await storage.put(anInstance());
    for (const expected of [{}, anInstance({ status: "paused" as never }), anInstance({ runtimeMetadata: { f: () => 1 } })])
      await assert.rejects(storage.put(anInstance({ status: "failed" }), { expected: expected as Instance }), {
        code: "INVALID_OPTION",
        option: "expected",
      });
    assert.deepEqual(await storage.get("order::1"), anInstance());
  },

  "rejects putting an instance in the place of another": async (storage) => {
    await storage.put(anInstance());
    const current = await read(storage);
    await assert.rejects(storage.put({ ...current, id: "other" }, { expected: current }), { code: "INVALID_INSTANCE", path: "id" });
    assert.deepEqual(await storage.query(), [anInstance()]);
  },
});
