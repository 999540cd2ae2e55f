import { randomUUID } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage } from "hephaestus-prisma";
import { deployMigrations } from "hephaestus-prisma/migrate";
import pg from "pg";
import { PrismaClient } from "../../generated/prisma/client.js";
import { leaseOf, revoke } from "./lease.js";
import { newOrder } from "./order.js";
import { type Request, Shop } from "./shop.js";

const connectionString = process.env.DATABASE_URL;
if (connectionString === undefined) throw new Error("set DATABASE_URL to the connection string of a PostgreSQL database");
const pool = new pg.Pool({ connectionString });
pool.on("connect", (client) => client.on("error", () => {})); // a lost connection fails its call: it must not end the process
const adapter = new PrismaPg(pool, { disposeExternalPool: true });
await deployMigrations(adapter);
const prisma = new PrismaClient({ adapter });
const storage = createPrismaStorage(prisma);
const shop = new Shop(connectionString);
const print = ({ worker, step, repeated }: Request): void =>
  console.log(`${worker} asks the shop to ${step}: ${repeated ? "already done, here is the receipt again" : "done"}`);

const { id } = newOrder(`xstate-order::${randomUUID().slice(0, 8)}`);
await storage.insert(newOrder(id));
console.log(`${id} is stored. Ada, a process of her own, runs it.`);
await new Promise<void>((dead) => {
  shop.startWorker("Ada", async (request, ada) => {
    print(request);
    if (request.step === "pack") await ada.kill().then(dead); // packed, but she never gets the receipt
  });
});

const left = await storage.get(id);
console.log(
  `\nAda is killed with SIGKILL. She leaves ${id} ${left?.status} at ${left?.currentStep}, leased to ${left && leaseOf(left)?.worker}.`,
);
process.stdout.write(await shop.startWorker("Barbara").ended);

console.log("\nThe lease would expire. To save you the wait, it is revoked. Grace and Edsger start at the same time.");
await revoke(storage, id);
const workers = ["Grace", "Edsger"].map((name) =>
  shop.startWorker(name, async (request) => {
    print(request);
    // Replied to only after the other worker has ended, so that the two overlap.
    if (request.order === id) await workers.find((other) => other.name !== name)?.ended;
  }),
);
for (const { ended } of workers) process.stdout.write(await ended);

const order = await storage.get(id);
console.log(`\n${id} is ${order?.status}:`);
console.table(order?.executionHistory.map(({ stepRef, event, contextUpdates }) => ({ state: stepRef, event, ...contextUpdates })));
await prisma.$disconnect();
