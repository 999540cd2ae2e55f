// A process for a test to kill: it locks all instances in a transaction, notifies its parent, and holds them.
import { createPgStorage } from "hephaestus-prisma/pg";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
const client = await pool.connect();
await client.query("BEGIN");
const locked = await createPgStorage(pool).withTransaction(client).query({}, { limit: 100, forUpdate: "skip locked" });
process.send?.(locked.map(({ id }) => id));
process.on("message", () => {}); // the channel keeps the process alive
