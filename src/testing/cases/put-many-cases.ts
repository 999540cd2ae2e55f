import assert from "node:assert/strict";
import { anInstance, idsUpTo, instancesOf, leanInstancesOf } from "../an-instance.js";
import type { Cases } from "./cases.js";
import { idsOf } from "./reading.js";

export const putManyCases: Cases = {
  "stores all instances, rich values too": async (storage) => {
    const many = [
      ...instancesOf(idsUpTo(3)),
      anInstance({ id: "b", runtimeMetadata: { at: new Date(0), text: "\0'\"\\{},NULL", no: undefined } }),
    ];
    await storage.putMany(many);
    assert.deepEqual(await storage.query(), many);
  },

  "keeps the versions of what is stored, and changes the rest": async (storage) => {
    await storage.putMany(instancesOf(idsUpTo(2)));
    const change = { workflow: "Order.V9", status: "failed" } as const;
    await storage.putMany(instancesOf(idsUpTo(3), { ...change, workflowVersion: 9 }));
    assert.deepEqual(await storage.query(), [
      ...instancesOf(["a01", "a02"], { ...change, workflowVersion: 2 }),
      ...instancesOf(["a03"], { ...change, workflowVersion: 9 }),
    ]);
  },

  "of instances with one id stores the last, with the first one's version": async (storage) => {
    await storage.putMany([
      anInstance({ workflowVersion: 3, status: "running" }),
      anInstance({ id: "other" }),
      anInstance({ workflowVersion: 4, status: "failed" }),
    ]);
    assert.deepEqual(await storage.get("order::1"), anInstance({ workflowVersion: 3, status: "failed" }));
  },

  "stores none if one is rejected": async (storage) => {
    await storage.put(anInstance({ id: "a01" }));
    const bad = [anInstance({ id: "" }), anInstance({ id: "z", runtimeMetadata: { f: () => 1 } })];
    for (const one of bad)
      await assert.rejects(storage.putMany([...instancesOf(idsUpTo(2), { status: "failed" }), one, anInstance({ id: "b" })]), {
        code: /^(INVALID_INSTANCE|NOT_SERIALIZABLE)$/,
      });
    assert.deepEqual(await storage.query(), [anInstance({ id: "a01" })]);
  },

  "stores none of no instances": async (storage) => {
    await storage.putMany([]);
    assert.deepEqual(await storage.query(), []);
  },

  "stores more than a thousand at once": async (storage) => {
    const ids = Array.from({ length: 1_001 }, (_, n) => `a${String(n).padStart(4, "0")}`);
    await storage.putMany(leanInstancesOf(ids));
    assert.equal(await storage.count(), 1_001);
    assert.deepEqual(idsOf(await storage.query()), ids);
  },

  "of batches in opposite order that meet, loses none": async (storage) => {
    const forth = leanInstancesOf(idsUpTo(20));
    const back = forth.toReversed();
    await Promise.all(Array.from({ length: 10 }, (_, n) => storage.putMany(n % 2 === 0 ? forth : back)));
    assert.deepEqual(await storage.query(), forth);
  },
};
