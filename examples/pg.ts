import { createInstance } from "hephaestus-prisma";
import { createPgStorage } from "hephaestus-prisma/pg";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
pool.on("error", console.error); // a connection that is lost while it is idle
const storage = createPgStorage(pool);

await storage.put(createInstance({ id: "order::4711", workflow: "Order.V2", workflowVersion: 2, initial: { total: 1999 } }));
await storage.update("order::4711", (order) => ({ ...order, status: "waiting", currentStep: "payment" }));
for (const { id, status } of (await storage.list()).items) console.log(`${id} is ${status}`);
await pool.end();
