import { rmSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { PrismaPg } from "@prisma/adapter-pg";
import { createInstance, getStorage, type Instance, startStorage, stopStorage } from "hephaestus-prisma";
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

/** What an engine does after a step: it adds the event to the history and the result to the context. */
function complete(instance: Instance, step: string, event: string, result: Record<string, unknown>, next?: string): Instance {
  return {
    ...instance,
    status: next === undefined ? "completed" : "running",
    currentStep: next ?? null,
    activeSteps: new Set(next === undefined ? [] : [next]),
    completedSteps: new Set([...instance.completedSteps, step]),
    context: { ...instance.context, steps: { ...instance.context.steps, [step]: result } },
    executionHistory: [...instance.executionHistory, { stepRef: step, event, timestamp: new Date().toISOString(), contextUpdates: result }],
  };
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

const paid = complete(complete(first, "validate", "valid", { valid: true }, "pay"), "pay", "paid", { reference: "p-1" });
await storage.put(paid);
await storage.put({ ...complete(second, "validate", "valid", { valid: true }, "pay"), status: "failed" });
await storage.put({ ...complete(third, "validate", "valid", { valid: true }, "pay"), status: "waiting" });
await storage.put(complete(invoice, "render", "rendered", { pages: 2 }, "send"));
print("Stored, and moved on:", await storage.query({ workflowFamily: "Demo." }));
await shutDown();

console.log("\nEverything is closed. What follows is what a restarted process sees.\n");
const shutDownAgain = await boot();
const active = await getStorage().query({ workflowFamily: "Demo.", statusIn: ["pending", "running", "waiting"] });
print("Still active after the restart:", active);

const waiting = active.find(({ status }) => status === "waiting");
if (waiting === undefined) throw new Error("no instance is waiting: the restart lost one");
await getStorage().put(complete(waiting, "pay", "paid", { reference: "p-3" }));
print(
  `${waiting.id} is resumed and completed. The family Demo.Order. across its versions:`,
  await getStorage().query({ workflowFamily: "Demo.Order." }),
);
await shutDownAgain();
