import assert from "node:assert/strict";
import type { Instance } from "../../instance/instance.js";
import type { InstanceStorage } from "../../storage/storage.js";
import { anInstance } from "../an-instance.js";
import { type Cases, eachCase } from "./cases.js";
import { collect, read } from "./reading.js";

/** An instance with something in it that can be changed at every depth, rich values included; new with each call. */
function changeable(): Instance {
  return anInstance({
    context: { initial: { list: [{ n: 1 }], at: new Date(0) }, steps: { a: { map: new Map([["k", { n: 1 }]]), set: new Set([1]) } } },
    stepConfigs: { a: { error: new Error("boom") } },
  });
}

/** Changes an instance in all its depth, as no one should: the types forbid it. */
function spoil(instance: Instance | undefined): void {
  assert.ok(instance !== undefined);
  const { context, stepConfigs, activeSteps, executionHistory } = instance;
  const { list, at } = context.initial as { list: { n: number }[]; at: Date };
  const { map, set } = context.steps.a as { map: Map<string, { n: number }>; set: Set<number> };
  const { error } = stepConfigs.a as { error: Error };
  Object.assign(instance, { status: "failed", currentStep: "spoilt" });
  Object.assign(list[0] ?? {}, { n: 2 });
  list.push({ n: 3 });
  at.setTime(1);
  Object.assign(map.get("k") ?? {}, { n: 2 });
  map.set("spoilt", { n: 3 });
  set.add(2);
  error.message = "spoilt";
  Object.assign(stepConfigs, { spoilt: true });
  (activeSteps as Set<string>).add("spoilt");
  Object.assign(executionHistory[0] ?? {}, { event: "spoilt", contextUpdates: { spoilt: true } });
  (executionHistory as unknown[]).length = 1;
}

type Write = (storage: InstanceStorage, instance: Instance) => Promise<unknown>;
const writes: readonly (readonly [name: string, write: Write])[] = [
  ["put", (storage, instance) => storage.put(instance)],
  ["insert", (storage, instance) => storage.insert(instance)],
  ["putMany", (storage, instance) => storage.putMany([instance])],
  [
    "put with expected",
    async (storage, instance) => {
      await storage.put(anInstance());
      await storage.put(instance, { expected: await read(storage) });
    },
  ],
  [
    "update",
    async (storage, instance) => {
      await storage.put(anInstance());
      await storage.update("order::1", () => instance);
    },
  ],
];

type Reading = (storage: InstanceStorage) => Promise<Instance | undefined>;
const reads: readonly (readonly [name: string, reading: Reading])[] = [
  ["get", (storage) => read(storage)],
  ["query", async (storage) => (await storage.query())[0]],
  ["stream", async (storage) => (await collect(storage.stream()))[0]],
  ["an update that does nothing", (storage) => storage.update("order::1", (current) => current)],
  ["update", (storage) => storage.update("order::1", (current) => ({ ...current }))],
];

export const isolationCases: Cases = {
  ...eachCase(
    writes,
    ([name]) => `keeps what it was given by ${name}, though the caller changes that afterwards`,
    async (storage, [, write]) => {
      const instance = changeable();
      await write(storage, instance);
      spoil(instance);
      assert.deepEqual(await storage.get("order::1"), changeable());
    },
  ),

  ...eachCase(
    reads,
    ([name]) => `keeps what it has returned from ${name}, though the caller changes that afterwards`,
    async (storage, [, reading]) => {
      await storage.put(changeable());
      spoil(await reading(storage));
      assert.deepEqual(await storage.get("order::1"), changeable());
      assert.deepEqual(await storage.query(), [changeable()]);
    },
  ),

  "keeps what was put before the call has come back, though the caller changes it at once": async (storage) => {
    const instance = changeable();
    const put = storage.put(instance);
    spoil(instance);
    await put;
    assert.deepEqual(await storage.get("order::1"), changeable());
  },

  "returns copies to those that read at once": async (storage) => {
    await storage.put(changeable());
    const [one, other, [queried]] = await Promise.all([read(storage), read(storage), storage.query()]);
    spoil(one);
    assert.deepEqual(other, changeable());
    spoil(other);
    assert.deepEqual(queried, changeable());
  },

  "keeps the times that a list has returned": async (storage) => {
    await storage.put(anInstance());
    const before = structuredClone((await storage.list()).items);
    const [spoilt] = (await storage.list()).items;
    spoilt?.insertedAt.setTime(0);
    spoilt?.updatedAt.setTime(0);
    assert.deepEqual((await storage.list()).items, before);
  },
};
