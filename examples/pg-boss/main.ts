import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage } from "hephaestus-prisma";
import { deployMigrations } from "hephaestus-prisma/migrate";
import { connect } from "./connect.js";
import type { ServiceCall, ServiceReply } from "./worker.js";

const connectionString = process.env.DATABASE_URL;
if (connectionString === undefined) throw new Error("set DATABASE_URL to the connection string of a PostgreSQL database");
await deployMigrations(new PrismaPg({ connectionString }));
const { engine, prisma, close } = await connect(connectionString, 2); // to save you the wait for the job of a dead worker
const storage = createPrismaStorage(prisma);
const id = `queued-order::${randomUUID().slice(0, 8)}`;

/** Starts a worker, and plays the other systems: each call is passed to `serve`, which returns the receipt. */
function startWorker(name: string, serve: (call: ServiceCall, worker: ChildProcess) => string | null): ChildProcess {
  const worker = fork(fileURLToPath(new URL("worker.ts", import.meta.url)), {
    execArgv: ["--import", "tsx"],
    env: { ...process.env, DATABASE_URL: connectionString },
  });
  worker.on("message", (call: ServiceCall) => {
    console.log(`${name} calls ${call.action} under the key ${call.key}`);
    const receipt = serve(call, worker);
    if (receipt !== null) worker.send({ call: call.call, receipt } satisfies ServiceReply);
  });
  return worker;
}

async function reached(isThere: (status: string) => boolean): Promise<void> {
  while (!isThere((await storage.get(id))?.status ?? "")) await new Promise((resolve) => setTimeout(resolve, 100));
}

await prisma.$transaction((tx) => engine.place(tx, id));
console.log(`${id} and the job of its first step are committed together.`);

await new Promise<void>((dead) => {
  const ada = startWorker("Ada", () => {
    ada.kill("SIGKILL"); // reserved, but she never gets the receipt
    ada.once("exit", () => dead());
    return null;
  });
});
console.log("Ada is killed with SIGKILL in the middle of it. Grace and Edsger take over; pg-boss gives the job to one of them.");

const workers = ["Grace", "Edsger"].map((name) => startWorker(name, ({ action }) => `${action}-receipt`));
await reached((status) => status === "waiting");
console.log("The order waits for its payment, with a timer that would cancel it.");
console.log(`It is paid: ${await engine.pay(id)}. Paid again by mistake: ${await engine.pay(id)}.`);
await reached((status) => status === "completed");

const order = await storage.get(id);
console.log(`${id} is ${order?.status}:`);
for (const { stepRef, event, contextUpdates } of order?.executionHistory ?? [])
  console.log(`  ${stepRef}: ${event}, ${JSON.stringify(contextUpdates)}`);
await Promise.all(
  workers.map((worker) => {
    worker.disconnect();
    return once(worker, "exit");
  }),
);
await close();
