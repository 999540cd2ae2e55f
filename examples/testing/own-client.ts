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
    async create() {
      await prisma.workflowInstance.deleteMany();
      return createPrismaStorage(prisma);
    },
  },
);
