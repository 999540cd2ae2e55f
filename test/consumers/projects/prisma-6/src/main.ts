import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage } from "hephaestus-prisma";
import { deployMigrations } from "hephaestus-prisma/migrate";
import { PrismaClient } from "./generated/client.js";
import { keepToExtensions, roundTrip } from "./round-trip.js";

const adapter = new PrismaPg({ connectionString: process.env.DATABASE_URL ?? "" });
console.log(await deployMigrations(adapter));
const prisma = new PrismaClient({ adapter });
await roundTrip(
  (options) => createPrismaStorage(prisma, options),
  (run) => prisma.$transaction(run),
);
await keepToExtensions(prisma.$extends({ query: { $allOperations: ({ args, query }) => query(args) } }), [
  prisma.$extends({ model: { workflowInstance: { countAll: () => 1 } } }),
  prisma.$extends({ result: { workflowInstance: { name: { needs: { id: true }, compute: ({ id }) => id } } } }),
]);
await prisma.$disconnect();
console.log(`done on Node ${process.versions.node}`);
