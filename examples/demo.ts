import { rmSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { PrismaPg } from "@prisma/adapter-pg";
import { completeStep, createInstance, failStep, getStorage, type Instance, startStorage, stopStorage } from "hephaestus-prisma";
import { deployMigrations } from "hephaestus-prisma/migrate";
import pg from "pg";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { PrismaClient } from "../generated/prisma/client.js";

const FOLDER = ".demo";
const url = process.env.DATABASE_URL;

/** Connects, migrates, and starts the storage, as an application does when it boots. */
async function boot(): Promise<() => Promise<void>> {
  const pglite = url === undefined ? await PGlite.create(FOLDER) : undefined;
  const adapter = pglite ? new PrismaPGlite(pglite) : new PrismaPg(connect(url), { disposeExternalPool: true });
  const applied = await deployMigrations(adapter);
  console.log(applied.length > 0 ? `Applied the migrations ${applied.join(", ")}.` : "All migrations are applied.");
  const client = new PrismaClient({ adapter });
  startStorage({ client });
  return async () => {
    stopStorage();
    await client.$disconnect();
    await pglite?.close();
  };
}

function connect(connectionString: string | undefined): pg.Pool {
  const pool = new pg.Pool({ connectionString });
  pool.on("connect", (client) => client.on("error", () => {})); // a lost connection fails its call: it must not end the process
  return pool;
}

function validated(order: Instance): Instance {
  return completeStep(order, "validate", { event: "valid", updates: { valid: true }, next: "pay" });
}

function print(title: string, instances: readonly Instance[]): void {
  console.log(`\n${title}`);
  console.table(
    instances.map(({ id, workflow, workflowVersion, status, currentStep, completedSteps }) => ({
      id,
      workflow,
      version: workflowVersion,
      status,
      "current step": currentStep ?? "",
      "completed steps": [...completedSteps].join(", "),
    })),
  );
}

if (url === undefined) rmSync(FOLDER, { recursive: true, force: true });
console.log(url === undefined ? `PostgreSQL in this process (PGlite), stored in ${FOLDER}/.` : "PostgreSQL of DATABASE_URL.");

const shutDown = await boot();
const storage = getStorage();
const [first, second, third, fourth] = [
  createInstance({ id: "order::1001", workflow: "Demo.Order.V1", initial: { customer: "Ada", cents: 1999 } }),
  createInstance({ id: "order::1002", workflow: "Demo.Order.V1", initial: { customer: "Grace", cents: 250 } }),
  createInstance({ id: "order::1003", workflow: "Demo.Order.V2", workflowVersion: 2, initial: { customer: "Edsger", cents: 4248 } }),
  createInstance({ id: "order::1004", workflow: "Demo.Order.V2", workflowVersion: 2, initial: { customer: "Barbara", cents: 99 } }),
] as const;
const invoice = createInstance({ id: "invoice::2001", workflow: "Demo.Invoice.V1", initial: { order: first.id } });
for (const instance of [first, second, third, fourth, invoice]) await storage.put(instance);

await storage.put(completeStep(validated(first), "pay", { event: "paid", updates: { reference: "p-1" }, next: null }));
await storage.put(failStep(validated(second), "pay", { error: "the card was declined" }));
await storage.put({ ...validated(third), status: "waiting" });
await storage.put(completeStep(invoice, "render", { event: "rendered", updates: { pages: 2 }, next: "send" }));
print("Stored, and moved on:", await storage.query({ workflowFamily: "Demo." }));
await shutDown();

console.log("\nEverything is closed. What follows is what a restarted process sees.\n");
const shutDownAgain = await boot();
const active = await getStorage().query({ workflowFamily: "Demo.", statusIn: ["pending", "running", "waiting"] });
print("Still active after the restart:", active);

const waiting = active.find(({ status }) => status === "waiting");
if (waiting === undefined) throw new Error("no instance is waiting: the restart lost one");
await getStorage().put(completeStep(waiting, "pay", { event: "paid", updates: { reference: "p-3" }, next: null }));
print(
  `${waiting.id} is resumed and completed. The family Demo.Order. across its versions:`,
  await getStorage().query({ workflowFamily: "Demo.Order." }),
);
await shutDownAgain();
