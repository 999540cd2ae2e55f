import { createSqlStorage } from "hephaestus-prisma";
import { CamelCasePlugin, Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { keepsContract } from "./keeps-contract.js";
import { kyselyClient } from "./kysely.js";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
pool.on("error", () => {}); // a connection that is lost while it is idle, and one that kysely uses:
pool.on("connect", (client) => client.on("error", () => {}));

// A plugin that renames columns, and that the storage's client goes without.
const db = new Kysely<{ orders: { id: string } }>({ dialect: new PostgresDialect({ pool }), plugins: [new CamelCasePlugin()] });
const storage = createSqlStorage(kyselyClient(db));
await keepsContract({
  name: "kysely",
  storage,
  transact: (run) =>
    db
      .transaction()
      .execute((trx) => run(storage.withTransaction(kyselyClient(trx)), (id) => trx.insertInto("orders").values({ id }).execute())),
});
await db.destroy();
