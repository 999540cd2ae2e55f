import assert from "node:assert/strict";
import postgres from "@prisma/orm-postgres/runtime";
import { createInstance } from "hephaestus-prisma";
import { createPgStorage } from "hephaestus-prisma/pg";
import pg from "pg";
import { contract } from "./contract.js";

const connectionString = process.env.DATABASE_URL;
const pool = new pg.Pool({ connectionString, application_name: "shared", max: 1 });
const db = postgres({ contract, pg: pool });
const storage = createPgStorage(pool);

// Either may hold the pool's only connection, and gives it back.
await Promise.all(
  Array.from({ length: 10 }, async (_, n) => {
    await storage.put(createInstance({ id: `turn::${n}`, workflow: "Turn" }));
    assert.equal((await db.orm.public.WorkflowInstance.where({ id: `turn::${n}` }).all()).length, 1);
    await db.orm.public.WorkflowInstance.where({ id: `turn::${n}` }).update({ status: "failed" });
    assert.equal((await storage.get(`turn::${n}`))?.status, "failed");
  }),
);
const connections = await pool.query("SELECT pid FROM pg_stat_activity WHERE application_name = 'shared'");
assert.equal(connections.rowCount, 1);
assert.equal(await storage.prune({ workflow: "Turn", status: "failed" }), 10);
await db.close();
assert.equal(await storage.count({ workflow: "Turn" }), 0, "the pool is still open: the ORM closes only what it has opened");
await pool.end();

// Both roll back together.
const client = new pg.Client({ connectionString });
await client.connect();
const both = postgres({ contract, pg: client }).transaction(async ({ orm }) => {
  await orm.public.Order.create({ id: "4713", total: 500 });
  await storage.withTransaction(client).delete("order::4712");
  throw new Error("roll back");
});
await assert.rejects(both, { message: "roll back" });
await client.end();
console.log("done");
