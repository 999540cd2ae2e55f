import assert from "node:assert/strict";
import { anInstance, instancesOf } from "../an-instance.js";
import { badIds } from "./bad-ids.js";
import type { Cases } from "./cases.js";
import { idsOf } from "./reading.js";

export const deleteCases: Cases = {
  "deletes the instance with this id, and no other": async (storage) => {
    await storage.putMany(instancesOf(["a", "b", "c"]));
    await storage.delete("b");
    assert.equal(await storage.get("b"), null);
    assert.deepEqual(idsOf(await storage.query()), ["a", "c"]);
  },

  "does nothing if nothing is stored, however often": async (storage) => {
    await storage.put(anInstance());
    assert.equal(await storage.delete("nothing"), undefined);
    await storage.delete("order::1");
    await Promise.all(Array.from({ length: 10 }, () => storage.delete("order::1")));
    assert.deepEqual(await storage.query(), []);
  },

  "takes % _ and \\ in an id for themselves": async (storage) => {
    await storage.putMany(instancesOf(["%", "a%", "a_", "ab", "a\\"]));
    for (const id of ["a%", "_", "a\\", "%"]) await storage.delete(id);
    assert.deepEqual(idsOf(await storage.query()).sort(), ["a_", "ab"]);
  },

  "rejects an id that no instance can have, and deletes nothing": async (storage) => {
    await storage.put(anInstance());
    for (const id of badIds) await assert.rejects(storage.delete(id), { code: "INVALID_ID" }, `the id ${String(id)}`);
    assert.deepEqual(await storage.query(), [anInstance()]);
  },
};
