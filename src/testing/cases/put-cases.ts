import assert from "node:assert/strict";
import type { Instance } from "../../instance/instance.js";
import { anInstance } from "../an-instance.js";
import { type Cases, eachCase } from "./cases.js";
import { hostileTexts } from "./hostile-texts.js";
import { idsOf, read } from "./reading.js";

const changed: Instance = {
  id: "order::1",
  workflow: "Order.V3",
  workflowVersion: 2,
  status: "completed",
  currentStep: null,
  context: { initial: {}, steps: { ship: { parcels: 2 } } },
  stepConfigs: {},
  activeSteps: new Set(),
  completedSteps: new Set(["ship", "validate"]),
  executionHistory: [{ stepRef: "ship", event: "sent", timestamp: "1969-12-31T23:59:59.999999999+00:00", contextUpdates: {} }],
  runtimeMetadata: {},
};

export const putCases: Cases = {
  "stores in place of the one with its id, every field": async (storage) => {
    await storage.put(anInstance());
    await storage.put(changed);
    assert.deepEqual(await storage.get("order::1"), changed);
    assert.deepEqual(idsOf(await storage.query()), ["order::1"]);
  },

  "keeps the version of the first put": async (storage) => {
    await storage.put(anInstance());
    await storage.put(anInstance({ workflowVersion: 9, status: "failed" }));
    assert.deepEqual(await storage.get("order::1"), anInstance({ status: "failed" }));
  },

  "stores again what was deleted, with the version that it then has": async (storage) => {
    await storage.put(anInstance());
    await storage.delete("order::1");
    await storage.put(anInstance({ workflowVersion: 5 }));
    assert.equal((await read(storage)).workflowVersion, 5);
  },

  "leaves other instances as they are": async (storage) => {
    await storage.put(anInstance({ id: "a" }));
    await storage.put(anInstance({ id: "b" }));
    await storage.put(anInstance({ id: "b", status: "failed" }));
    assert.deepEqual(await storage.get("a"), anInstance({ id: "a" }));
  },

  "of many at once for one new id lets every one succeed, and keeps one": async (storage) => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => storage.put(anInstance({ runtimeMetadata: { n } }))));
    assert.deepEqual(idsOf(await storage.query()), ["order::1"]);
  },

  "keeps what the last of puts one after the other has put": async (storage) => {
    for (let n = 0; n < 10; n++) await storage.put(anInstance({ runtimeMetadata: { n } }));
    assert.deepEqual((await read(storage)).runtimeMetadata, { n: 9 });
  },

  "takes ids and workflows of 255 characters, whatever their bytes": async (storage) => {
    const id = "😀".repeat(255);
    await storage.put(anInstance({ id, workflow: id }));
    assert.deepEqual(await storage.get(id), anInstance({ id, workflow: id }));
  },

  "rejects options that are unknown or undefined, and stores nothing": async (storage) => {
    for (const options of [{ expects: anInstance() }, { expected: undefined }, null, "expected"])
      await assert.rejects(storage.put(anInstance(), options as never), { code: "INVALID_OPTION" });
    assert.equal(await storage.get("order::1"), null);
  },

  ...eachCase(
    hostileTexts,
    (text) => `takes ${JSON.stringify(text)} as an id, a workflow, a step and a value`,
    async (storage, text) => {
      const instance = anInstance({
        id: text,
        workflow: text,
        currentStep: text,
        activeSteps: new Set([text]),
        completedSteps: new Set([text, "a"]),
        context: { initial: { text, list: [text] }, steps: { a: { $type: "Json", value: text } } },
        executionHistory: [{ stepRef: text, event: text, timestamp: "2026-04-12T10:11:12Z", contextUpdates: { text } }],
        runtimeMetadata: { $type: "DateTime", value: text },
      });
      await storage.put(anInstance({ id: "bystander", workflow: "bystander" }));
      await storage.put(instance);
      assert.deepEqual(await storage.get(text), instance);
      for (const filters of [
        { id: text },
        { workflow: text },
        { workflowIn: [text] },
        { workflowFamily: text },
        { workflowFamilyIn: [text] },
      ])
        assert.deepEqual(await storage.query(filters), [instance], Object.keys(filters)[0]);
      await storage.delete(text);
      assert.deepEqual(idsOf(await storage.query()), ["bystander"]);
    },
  ),
};
