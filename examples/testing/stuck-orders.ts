import assert from "node:assert/strict";
import { it } from "node:test";
import { createInstance, type InstanceStorage } from "hephaestus-prisma";
import { createMemoryStorage } from "hephaestus-prisma/memory";

/** The code under test. It takes its storage as an argument, so a test can pass another one. */
async function failStuckOrders(storage: InstanceStorage, before: Date): Promise<number> {
  let failed = 0;
  for await (const { id } of storage.stream({ workflowFamily: "Order.", status: "waiting", updatedBefore: before })) {
    await storage.update(id, (order) => ({ ...order, status: "failed" }));
    failed++;
  }
  return failed;
}

void it("fails orders that wait too long, and nothing else", async () => {
  const storage = createMemoryStorage();
  await storage.put({ ...createInstance({ id: "order::1", workflow: "Order.V1" }), status: "waiting" });
  await storage.put({ ...createInstance({ id: "invoice::1", workflow: "Invoice.V1" }), status: "waiting" });

  assert.equal(await failStuckOrders(storage, new Date(0)), 0);
  assert.equal(await failStuckOrders(storage, new Date(Date.now() + 60_000)), 1);
  assert.deepEqual(await storage.countBy("status", { workflow: "Order.V1" }), new Map([["failed", 1]]));
  assert.deepEqual(await storage.countBy("status", { workflow: "Invoice.V1" }), new Map([["waiting", 1]]));
});
