import { after, describe, it } from "node:test";
import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage } from "hephaestus-prisma";
import { describeStorage } from "hephaestus-prisma/testing";
import { PrismaClient } from "../../generated/prisma/client.js"; // or your own client, with its extensions

const connectionString = process.env.TEST_DATABASE_URL;
if (connectionString === undefined) throw new Error("set TEST_DATABASE_URL to a migrated database that may be emptied");
const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString }) });
after(() => prisma.$disconnect());

describeStorage(
  { describe, it },
  {
    name: "our client",
    // By Prisma's verbs; a storage with the option `table` lacks none of these.
    lacks: {
      containment: "Prisma has no verb for it",
      exactNumbers: "Prisma parses the JSON",
      anyKeys: "Prisma copies the JSON",
      rowLocks: "Prisma has no verb for it",
    },
    async create() {
      await prisma.workflowInstance.deleteMany();
      return createPrismaStorage(prisma);
    },
  },
);
