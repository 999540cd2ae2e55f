import { createInstance, createPrismaStorage } from "hephaestus-prisma";
import { expect, it } from "vitest";
import { mockDeep } from "vitest-mock-extended";
import type { PrismaClient } from "../../generated/prisma/client.js"; // or wherever yours is generated

it("starts an order on a mocked client", async () => {
  const prisma = mockDeep<PrismaClient>();
  const storage = createPrismaStorage(prisma);
  await storage.put(createInstance({ id: "order::1", workflow: "Order.V1" }));
  expect(prisma.workflowInstance.upsert.mock.calls).toHaveLength(1);

  prisma.workflowInstance.findUnique.mockResolvedValue(null);
  expect(await storage.get("order::1")).toBeNull();
});
