import assert from "node:assert/strict";
import { anInstance } from "../an-instance.js";
import type { Cases } from "./cases.js";
import { read } from "./reading.js";

export const insertCases: Cases = {
  "stores an instance whose id is free": async (storage) => {
    await storage.insert(anInstance());
    assert.deepEqual(await storage.get("order::1"), anInstance());
  },

  "rejects a taken id, and leaves what is stored": async (storage) => {
    await storage.put(anInstance());
    await assert.rejects(storage.insert(anInstance({ status: "failed", workflow: "Order.V3" })), {
      code: "INSTANCE_EXISTS",
      id: "order::1",
    });
    assert.deepEqual(await storage.get("order::1"), anInstance());
  },

  "stores again after a delete has freed the id": async (storage) => {
    await storage.insert(anInstance());
    await storage.delete("order::1");
    await storage.insert(anInstance({ workflowVersion: 5 }));
    assert.equal((await read(storage)).workflowVersion, 5);
  },

  "of 20 at once for one id lets one through, and keeps that one": async (storage) => {
    const settled = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => storage.insert(anInstance({ runtimeMetadata: { n } }))));
    const losers = settled.flatMap((one) => (one.status === "rejected" ? [one.reason as { code?: unknown }] : []));
    assert.deepEqual(
      losers.map(({ code }) => code),
      Array<string>(19).fill("INSTANCE_EXISTS"),
    );
    assert.deepEqual((await read(storage)).runtimeMetadata, { n: settled.findIndex(({ status }) => status === "fulfilled") });
  },
};
