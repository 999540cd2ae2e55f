import assert from "node:assert/strict";
import { PrismaPg } from "@prisma/adapter-pg";
import { createInstance, createPrismaStorage, getStorage, type InvalidClientError, startStorage } from "hephaestus-prisma";
import { PrismaClient } from "./generated/client.js";
import { roundTrip } from "./round-trip.js";

const isInvalidClient = (message: RegExp) => (error: InvalidClientError) => error.code === "INVALID_CLIENT" && message.test(error.message);
const some = (name: string) => [1, 2].map((n) => createInstance({ id: `${name}-${n}`, workflow: "Run.V1" }));

const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL ?? "" }) });
await roundTrip({
  create: (options) => createPrismaStorage(prisma, { ...options, model: "invoiceRun" }),
  transact: (run) => prisma.$transaction(run),
  table: 'hephaestus."Invoice Runs"',
});
await roundTrip({
  create: (options) => startStorage({ client: prisma, ...options, model: "archivedRun" }),
  transact: (run) => prisma.$transaction(run),
  table: 'public."Invoice Runs"',
});

// Under other column names, Prisma's verbs work, and SQL does not.
const orders = startStorage({ client: prisma, name: "orders", model: "orderRun" });
await orders.putMany(some("order"));
await orders.update("order-1", (run) => ({ ...run, status: "failed" }));
assert.deepEqual(
  (await getStorage("orders").query({ status: "failed" })).map(({ id }) => id),
  ["order-1"],
);
const bySql = createPrismaStorage(prisma, { model: "orderRun", table: "public.order_runs" });
await assert.rejects(bySql.get("order-1"), { code: "INVALID_TABLE" });
assert.equal(await orders.prune({ status: "failed" }), 1);

// A transaction on several tables.
await prisma.$transaction(async (tx) => {
  for (const model of ["invoiceRun", "orderRun", "archivedRun"] as const) {
    const storage = createPrismaStorage(prisma, { model }).withTransaction(tx);
    await storage.delete("nothing");
    await storage.putMany(some(`${model} within`));
  }
});

const misuses: [() => unknown, RegExp][] = [
  // @ts-expect-error The client has no model workflowInstance,
  [() => createPrismaStorage(prisma), /model "workflowInstance", found one with the models .*invoiceRun/],
  // @ts-expect-error nor a model of this name.
  [() => createPrismaStorage(prisma, { model: "invoices" }), /model "invoices", found one with the models .*invoiceRun/],
  // @ts-expect-error That model has other fields.
  [() => createPrismaStorage(prisma, { model: "order" }), /lacks the fields workflow, workflowVersion, state/],
  // @ts-expect-error That is not a model.
  [() => startStorage({ client: prisma, model: "$transaction" }), /model "\$transaction", found one with the models/],
];
for (const [misuse, message] of misuses) assert.throws(misuse, isInvalidClient(message));

await prisma.$disconnect();
console.log(`done on Node ${process.versions.node}`);
