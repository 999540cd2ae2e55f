import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage } from "hephaestus-prisma";
import { PrismaClient } from "./generated/client.js";
import { roundTrip } from "./round-trip.js";

const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL ?? "" }) });
await roundTrip({ create: (options) => createPrismaStorage(prisma, options), transact: (run) => prisma.$transaction(run) });
await prisma.$disconnect();
console.log(`done on Node ${process.versions.node}`);
