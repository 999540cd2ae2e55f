import { PrismaPg } from "@prisma/adapter-pg";
import { completeStep, createInstance, createPrismaStorage } from "hephaestus-prisma";
import pg from "pg";
import { PrismaClient } from "../generated/prisma/client.js"; // wherever your generator writes it

const connectionString = process.env.DATABASE_URL;
if (connectionString === undefined) throw new Error("set DATABASE_URL to the connection string of a PostgreSQL database");
const pool = new pg.Pool({ connectionString });
pool.on("connect", (client) => client.on("error", () => {})); // a lost connection fails its call: it must not end the process
const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: true }) });
const storage = createPrismaStorage(prisma);

// Create an instance of a workflow, and store it.
const order = createInstance({ id: "order::4711", workflow: "Order.V2", workflowVersion: 2, initial: { total: 1999 } });
await storage.put(order);

// Move it on: instances are values, so change a copy and put that.
const validated = completeStep(order, "validate", { event: "valid", updates: { valid: true }, next: "payment" });
await storage.put({ ...validated, status: "waiting" });

// After a restart: what is left to do, across all versions of the workflow?
for (const instance of await storage.query({ workflowFamily: "Order.", statusIn: ["pending", "running", "waiting"] }))
  console.log(`${instance.id} is ${instance.status} at ${instance.currentStep ?? "its start"}`);

await storage.delete("order::4711");
console.log((await storage.get("order::4711")) === null ? "order::4711 is gone" : "order::4711 is still there");
await prisma.$disconnect();
