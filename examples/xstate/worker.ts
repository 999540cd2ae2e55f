// A worker process: runs every order that it can claim, and exits. In production, it would loop.
import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage } from "hephaestus-prisma";
import pg from "pg";
import { PrismaClient } from "../../generated/prisma/client.js";
import { LostLeaseError, type Worker } from "./lease.js";
import { FAMILY } from "./order.js";
import { runOrder } from "./run-order.js";
import { askShop } from "./shop.js";

const { DATABASE_URL, WORKER = "worker", LEASE_MS = "60000" } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL });
pool.on("connect", (client) => client.on("error", () => {})); // a lost connection fails its call: it must not end the process
const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: true }) });
const now = async (): Promise<Date> => {
  const [row] = await prisma.$queryRaw<[{ readonly now: Date }]>`SELECT clock_timestamp() AS now`;
  return row.now;
};
const worker: Worker = { name: WORKER, storage: createPrismaStorage(prisma), now, leaseMs: Number(LEASE_MS) };

for (const { id } of await worker.storage.query({ workflowFamily: FAMILY, statusIn: ["pending", "running"] })) {
  try {
    const order = await runOrder(worker, askShop, id);
    console.log(order === null ? `${WORKER} leaves ${id} to another worker.` : `${WORKER} has run ${id} to its end: ${order.status}.`);
  } catch (error) {
    if (!(error instanceof LostLeaseError)) throw error;
    console.log(error.message);
  }
}
await prisma.$disconnect();
process.disconnect();
