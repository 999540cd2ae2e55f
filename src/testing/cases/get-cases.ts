import assert from "node:assert/strict";
import { createInstance } from "../../instance/instance.js";
import { anInstance } from "../an-instance.js";
import type { Cases } from "./cases.js";
import { badIds } from "./bad-ids.js";

export const getCases: Cases = {
  "returns null if nothing is stored": async (storage) => {
    assert.equal(await storage.get("order::1"), null);
  },

  "returns what was put, to the last field": async (storage) => {
    await storage.put(anInstance());
    assert.deepEqual(await storage.get("order::1"), anInstance());
  },

  "returns a new instance with its empty parts": async (storage) => {
    const instance = createInstance({ id: "new", workflow: "Order.V1" });
    await storage.put(instance);
    assert.deepEqual(await storage.get("new"), instance);
  },

  "distinguishes ids that differ in case, in spaces or in their Unicode form only": async (storage) => {
    const ids = ["a", "A", " a", "a ", "é", "e\u0301", "É"];
    for (const id of ids) await storage.put(anInstance({ id, runtimeMetadata: { is: id } }));
    for (const id of ids) assert.deepEqual((await storage.get(id))?.runtimeMetadata, { is: id });
    assert.equal((await storage.query()).length, ids.length);
  },

  "rejects an id that no instance can have": async (storage) => {
    await storage.put(anInstance());
    for (const id of badIds) await assert.rejects(storage.get(id), { code: "INVALID_ID" }, `the id ${String(id)}`);
  },
};
