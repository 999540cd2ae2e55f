import { once } from "node:events";
import { listenForStop } from "../src/cli/terminal/stop-signal.js";
import { startStudio } from "./prisma-studio.js";
import { startSampleDatabase } from "./sample-database.js";

// Prisma Studio on the database of DATABASE_URL, as it is, or on a server of our own with sample instances.
const url = process.env.DATABASE_URL;
const STUCK = "SELECT * FROM workflow_instance_overview WHERE status <> 'completed' ORDER BY updated_at";
const stop = listenForStop();
try {
  const samples = url === undefined ? await startSampleDatabase() : undefined;
  try {
    const studio = await startStudio(url ?? samples?.url ?? "");
    console.log(samples ? `PostgreSQL with sample instances: ${samples.url}` : "PostgreSQL of DATABASE_URL.");
    console.log(`Prisma Studio: ${studio.url}\nOn its page SQL: ${STUCK}\nCtrl-C ends it.`);
    if (!stop.signal.aborted) await Promise.race([once(stop.signal, "abort"), studio.exited]);
    await studio.stop();
  } finally {
    await samples?.stop();
  }
  if (!stop.signal.aborted) throw new Error("Prisma Studio has ended by itself");
} catch (error) {
  if (!stop.signal.aborted) throw error; // Ctrl-C reaches PostgreSQL and Studio as well, which may then fail to start
}
