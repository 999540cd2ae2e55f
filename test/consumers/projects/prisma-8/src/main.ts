import postgres from "@prisma/orm-postgres/runtime";
import { createInstance } from "hephaestus-prisma";
import { createPgStorage } from "hephaestus-prisma/pg";
import pg from "pg";
import { contract } from "./contract.js";

const connectionString = process.env.DATABASE_URL;
const pool = new pg.Pool({ connectionString });
pool.on("error", console.error); // a connection that is lost while it is idle
const db = postgres({ contract, pg: pool });
const storage = createPgStorage(pool);

const { id, total } = await db.orm.public.Order.create({ id: "4711", total: 1999 });
await storage.put(createInstance({ id: `order::${id}`, workflow: "Order.V2", workflowVersion: 2, initial: { total } }));
await storage.update(`order::${id}`, (order) => ({ ...order, status: "waiting", currentStep: "payment" }));
for (const { id, status } of (await storage.list()).items) console.log(`${id} is ${status}`);

// Prisma's ORM reads the same rows.
for (const { id, state } of await db.orm.public.WorkflowInstance.where({ status: "waiting" }).all()) console.log(id, state);
await pool.end();

// A transaction over both needs a connection of its own.
const client = new pg.Client({ connectionString });
await client.connect();
await postgres({ contract, pg: client }).transaction(async ({ orm }) => {
  await orm.public.Order.create({ id: "4712", total: 500 });
  await storage.withTransaction(client).insert(createInstance({ id: "order::4712", workflow: "Order.V2", workflowVersion: 2 }));
});
await client.end();
