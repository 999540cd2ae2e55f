import { PrismaPg } from "@prisma/adapter-pg";
import { createInstance, createPrismaStorage, getStorage, startStorage } from "hephaestus-prisma";
import { PrismaClient } from "./database/client/client.js";
import { checkExtension, roundTrip } from "./round-trip.js";

const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL ?? "" }) });
await roundTrip({ create: (options) => createPrismaStorage(prisma, options), transact: (run) => prisma.$transaction(run) });

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
await roundTrip({ create: (options) => createPrismaStorage(extended, options), transact: (run) => extended.$transaction(run) });
await checkExtension(extended, () => queries);
await roundTrip({
  create: (options) => createPrismaStorage(prisma.$extends({ model: { workflowInstance: { countAll: () => 1 } } }), options),
  transact: (run) => prisma.$transaction(run),
});

await prisma.$disconnect();
console.log(`done on Node ${process.versions.node}`);
