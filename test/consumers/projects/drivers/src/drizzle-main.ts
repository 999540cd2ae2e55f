import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { createSqlStorage } from "hephaestus-prisma";
import pg from "pg";
import { drizzleClient } from "./drizzle.js";
import { keepsContract } from "./keeps-contract.js";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
pool.on("error", () => {}); // a connection that is lost while it is idle, and one that drizzle uses:
pool.on("connect", (client) => client.on("error", () => {}));

const db = drizzle(pool);
const storage = createSqlStorage(drizzleClient(db));
await keepsContract({
  name: "drizzle",
  storage,
  transact: (run) =>
    db.transaction((tx) =>
      run(storage.withTransaction(drizzleClient(tx)), (id) => tx.execute(sql`INSERT INTO orders (id) VALUES (${id})`)),
    ),
});
await pool.end();
