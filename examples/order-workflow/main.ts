import { randomUUID } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage, type Instance, type PrismaStorage } from "hephaestus-prisma";
import { deployMigrations } from "hephaestus-prisma/migrate";
import pg from "pg";
import { PrismaClient } from "../../generated/prisma/client.js";
import { afterStep, FAMILY } from "./order.js";
import { createOrderWorkflow, type Shop } from "./workflow.js";

const connectionString = process.env.DATABASE_URL;
if (connectionString === undefined) throw new Error("set DATABASE_URL to the connection string of a PostgreSQL database");
const pool = new pg.Pool({ connectionString });
pool.on("connect", (client) => client.on("error", () => {})); // a lost connection fails its call: it must not end the process
const adapter = new PrismaPg(pool);
await deployMigrations(adapter);

const run = randomUUID().slice(0, 8);
const [lamp, chair, table] = [`shop-order::${run}::lamp`, `shop-order::${run}::chair`, `shop-order::${run}::table`] as const;

let carrierIsClosed = false;
const shop: Shop = {
  reserve: () => Promise.resolve({ shelf: "B-7" }),
  ship: (id) => (carrierIsClosed ? Promise.reject(new Error("the carrier is closed")) : Promise.resolve({ parcel: `parcel of ${id}` })),
};

const print = ({ id, status, currentStep, completedSteps }: Instance): void =>
  console.log(
    `${id} is ${status}${currentStep === null ? "" : ` at ${currentStep}`}; done: ${[...completedSteps].join(", ") || "nothing"}`,
  );

/** Simulates one process: its own client, and nothing in memory from the previous one. */
async function live(life: (storage: PrismaStorage) => Promise<void>): Promise<void> {
  const prisma = new PrismaClient({ adapter });
  await life(createPrismaStorage(prisma));
  await prisma.$disconnect();
}

await live(async (storage) => {
  const workflow = createOrderWorkflow(storage, shop);
  console.log("Three orders start, and wait for their payments:");
  for (const id of [lamp, chair, table]) print(await workflow.start(id, { customer: "Ada", cents: 1999 }));

  console.log("\nTwo are paid. One is shipped; the process ends before it ships the other:");
  print(await workflow.pay(lamp, "payment-1"));
  print(await storage.update(chair, (order) => afterStep(order, "payment", { reference: "payment-2" })));
});

await live(async (storage) => {
  const workflow = createOrderWorkflow(storage, shop);
  console.log("\nA new process finds the unfinished orders:");
  for (const order of await storage.query({ workflowFamily: FAMILY, statusIn: ["running", "waiting"] })) print(order);
  console.log("\nIt resumes the interrupted order; the waiting one keeps waiting:");
  for (const order of await workflow.resume()) print(order);

  console.log("\nThe last one is paid, and fails, because the carrier is closed:");
  carrierIsClosed = true;
  print(await workflow.pay(table, "payment-3"));
  console.log("\nThe carrier opens, and the step is retried:");
  carrierIsClosed = false;
  const order = await workflow.retry(table);
  print(order);
  console.table(order.executionHistory.map(({ stepRef, event, timestamp }) => ({ step: stepRef, event, timestamp })));
});
await pool.end();
