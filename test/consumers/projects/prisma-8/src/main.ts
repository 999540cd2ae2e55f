import postgres from "@prisma/orm-postgres/runtime";
import { createInstance, createSqlStorage } from "hephaestus-prisma";
import { prisma8Client } from "hephaestus-prisma/prisma-8";
import { contract } from "./contract.js";

const db = postgres({ contract, url: process.env.DATABASE_URL ?? "" });
const storage = createSqlStorage(prisma8Client(db));

// The order and its instance are committed or rolled back together.
await db.transaction(async (tx) => {
  const { id, total } = await tx.orm.public.Order.create({ id: "4711", total: 1999 });
  const order = createInstance({ id: `order::${id}`, workflow: "Order.V2", workflowVersion: 2, initial: { total } });
  await storage.withTransaction(prisma8Client(db, tx)).insert(order);
});
await storage.update("order::4711", (order) => ({ ...order, status: "waiting", currentStep: "payment" }));
for (const { id, status } of (await storage.list()).items) console.log(`${id} is ${status}`);

// Prisma's ORM reads the same rows.
for (const { id, state } of await db.orm.public.WorkflowInstance.where({ status: "waiting" }).all()) console.log(id, state);
await db.close();
