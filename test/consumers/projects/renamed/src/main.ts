import assert from "node:assert/strict";
import { PrismaPg } from "@prisma/adapter-pg";
import { createInstance, createPrismaStorage, getStorage, type InvalidClientError, startStorage } from "hephaestus-prisma";
import { PrismaClient } from "./generated/client.js";
import { roundTrip } from "./round-trip.js";

const connect = (): PrismaClient => new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL ?? "" }) });
const isInvalidClient = (message: RegExp) => (error: InvalidClientError) => error.code === "INVALID_CLIENT" && message.test(error.message);
const some = (name: string) => [1, 2].map((n) => createInstance({ id: `${name}-${n}`, workflow: "Run.V1" }));

const prisma = connect();
await roundTrip(
  (options) => createPrismaStorage(prisma, { ...options, model: "invoiceRun" }),
  (run) => prisma.$transaction(run),
);
await roundTrip(
  (options) => startStorage({ client: prisma, ...options, model: "archivedRun" }),
  (run) => prisma.$transaction(run),
);

// Under other column names, everything but raw SQL works.
const orders = startStorage({ client: prisma, name: "orders", model: "orderRun" });
await orders.putMany(some("order"));
await orders.update("order-1", (run) => ({ ...run, status: "failed" }));
assert.deepEqual(
  (await getStorage("orders").query({ status: "failed" })).map(({ id }) => id),
  ["order-1"],
);
const columns = /has the columns id, workflow, workflow_version, status, state, inserted_at, updated_at/;
await assert.rejects(orders.query({ stateContains: {} }), isInvalidClient(columns));
assert.equal(await orders.prune({ status: "failed" }), 1);

// A transaction on several tables, before the storage has looked up its table's name.
const fresh = connect();
await fresh.$transaction(async (tx) => {
  for (const model of ["invoiceRun", "orderRun", "archivedRun"] as const) {
    const storage = createPrismaStorage(fresh, { model }).withTransaction(tx);
    await storage.delete("nothing");
    await storage.putMany(some(`${model} within`));
    if (model === "orderRun") await assert.rejects(storage.count({ stateContains: {} }), isInvalidClient(columns));
  }
});
await fresh.$disconnect();

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
