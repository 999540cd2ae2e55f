import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage } from "hephaestus-prisma";
import { migrationStatus } from "hephaestus-prisma/migrate";
import { PrismaClient } from "./generated/client";
import { roundTrip } from "./round-trip";

async function main(): Promise<void> {
  const adapter = new PrismaPg({ connectionString: process.env.DATABASE_URL ?? "" });
  if ((await migrationStatus(adapter)).pending.length > 0) throw new Error("the database is not migrated");
  const prisma = new PrismaClient({ adapter });
  await roundTrip({ create: (options) => createPrismaStorage(prisma, options), transact: (run) => prisma.$transaction(run) });
  await prisma.$disconnect();
  console.log(`done on Node ${process.versions.node}, by ${typeof require === "function" ? "require" : "import"}`);
}

void main();
