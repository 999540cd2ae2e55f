import assert from "node:assert/strict";
import { PrismaPg } from "@prisma/adapter-pg";
import { createInstance, createPrismaStorage, getStorage, startStorage } from "hephaestus-prisma";
import { PrismaClient } from "./database/client/client.js";
import { keepToExtensions, roundTrip } from "./round-trip.js";

const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL ?? "" }) });
await roundTrip(
  (options) => createPrismaStorage(prisma, options),
  (run) => prisma.$transaction(run),
);

// The user's own model, in one transaction with ours.
startStorage({ client: prisma });
await prisma.$transaction(async (tx) => {
  await tx.order.create({ data: { id: "4711", total: 1999 } });
  await getStorage()
    .withTransaction(tx)
    .insert(createInstance({ id: "order::4711", workflow: "Shop.Order" }));
});
await getStorage().delete("order::4711");

// An extended client.
let queries = 0;
const extended = prisma
  .$extends({
    query: {
      workflowInstance: {
        $allOperations({ args, query }) {
          queries++;
          return query(args);
        },
      },
    },
  })
  .$extends({ result: { workflowInstance: { family: { needs: { workflow: true }, compute: ({ workflow }) => workflow.split(".")[0] } } } });
await roundTrip(
  (options) => createPrismaStorage(extended, { ...options, allowRawSql: true }),
  (run) => extended.$transaction(run),
);
assert.notEqual(queries, 0);
await keepToExtensions(extended, [prisma.$extends({ model: { workflowInstance: { countAll: () => 1 } } })]);

await prisma.$disconnect();
console.log(`done on Node ${process.versions.node}`);
