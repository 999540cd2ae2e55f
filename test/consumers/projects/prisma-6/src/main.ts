import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage } from "hephaestus-prisma";
import { deployMigrations } from "hephaestus-prisma/migrate";
import { PrismaClient } from "./generated/client.js";
import { checkExtension, roundTrip } from "./round-trip.js";

const adapter = new PrismaPg({ connectionString: process.env.DATABASE_URL ?? "" });
console.log(await deployMigrations(adapter));
const prisma = new PrismaClient({ adapter });
await roundTrip({ create: (options) => createPrismaStorage(prisma, options), transact: (run) => prisma.$transaction(run) });
let calls = 0;
const extended = prisma
  .$extends({ query: { $allModels: { $allOperations: ({ args, query }) => (calls++, query(args)) } } })
  .$extends({ result: { workflowInstance: { name: { needs: { id: true }, compute: ({ id }) => id } } } });
await roundTrip({ create: (options) => createPrismaStorage(extended, options), transact: (run) => extended.$transaction(run) });
await checkExtension(extended, () => calls);
await prisma.$disconnect();
console.log(`done on Node ${process.versions.node}`);
