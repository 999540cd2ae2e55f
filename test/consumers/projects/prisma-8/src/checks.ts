import assert from "node:assert/strict";
import postgres from "@prisma/orm-postgres/runtime";
import { createInstance, createSqlStorage } from "hephaestus-prisma";
import { createPgStorage } from "hephaestus-prisma/pg";
import { prisma8Client } from "hephaestus-prisma/prisma-8";
import pg from "pg";
import { contract } from "./contract.js";

const connectionString = process.env.DATABASE_URL;
const pool = new pg.Pool({ connectionString, application_name: "shared", max: 1 });

const seen: string[] = [];
const see = (statement: { sql: string }): Promise<void> => {
  seen.push(/\w+/.exec(statement.sql)?.[0] ?? "");
  return Promise.resolve();
};
const db = postgres({ contract, pg: pool, middleware: [{ name: "see", familyId: "sql", beforeQuery: see, beforeExecute: see }] });
const storage = createSqlStorage(prisma8Client(db));
const straight = createPgStorage(pool);

// Each of them may hold the pool's only connection, and gives it back.
await Promise.all(
  Array.from({ length: 10 }, async (_, n) => {
    const id = `turn::${n}`;
    await storage.put(createInstance({ id, workflow: "Turn" }));
    assert.equal((await db.orm.public.WorkflowInstance.where({ id }).all()).length, 1);
    await db.orm.public.WorkflowInstance.where({ id }).update({ status: "failed" });
    assert.equal((await storage.get(id))?.status, "failed");
    assert.equal((await straight.get(id))?.status, "failed");
  }),
);
const connections = await pool.query("SELECT pid FROM pg_stat_activity WHERE application_name = 'shared'");
assert.equal(connections.rowCount, 1);

// Middleware sees what the storage sends, alone and in a transaction.
seen.length = 0;
await storage.put(createInstance({ id: "turn::0", workflow: "Turn" }));
await storage.get("turn::0");
await db.transaction(async (tx) => {
  await storage.withTransaction(prisma8Client(db, tx)).delete("turn::0");
});
assert.deepEqual(seen, ["INSERT", "SELECT", "DELETE"]);

assert.equal(await storage.prune({ workflow: "Turn", status: "failed" }), 9);
await db.close();
assert.equal(await straight.count({ workflow: "Turn" }), 0, "the pool is still open: the ORM closes only what it has opened");
await pool.end();
console.log("done");
