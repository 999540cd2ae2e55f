import { createInstance, createPrismaStorage, type Instance, stopStorage } from "hephaestus-prisma";
import { createPostgresDatabase } from "../database.js";
import { startedStorages } from "../started-storages.js";

const [database, second] = await Promise.all([createPostgresDatabase(), createPostgresDatabase()]);
await database.sql("CREATE TABLE orders (id text PRIMARY KEY)");
const variables = new Set(Object.keys(process.env));

// What the documents' snippets can use without declaring it: a migrated database …
export const connectionString = database.url;
/** … with a client on it, … */
export const prisma = database.client;
/** … the storage on that client, … */
export const storage = createPrismaStorage(prisma);
/** … an instance in it, … */
export const order: Instance = {
  ...createInstance({ id: "order::4711", workflow: "Order.V2", workflowVersion: 2, initial: { total: 1999 } }),
  status: "waiting",
  currentStep: "payment",
};
/** … a client on another database, … */
export const archive = second.client;
/** … and one that stands for a replica. */
export const replica = second.client;

/** Restores the state in which each snippet begins. */
export async function reset(): Promise<void> {
  process.env.DATABASE_URL = database.url;
  for (const one of [database, second]) await one.sql("TRUNCATE workflow_instances");
  await database.sql("TRUNCATE orders");
  await storage.put(order);
}

/** Closes both databases, and deletes the variables and storages that snippets have set and started. */
export async function close(): Promise<void> {
  for (const name of Object.keys(process.env)) if (!variables.has(name)) delete process.env[name];
  for (const name of startedStorages()) stopStorage(name);
  await Promise.all([database.close(), second.close()]);
}
