import assert from "node:assert/strict";
import { SQL } from "bun";
import { createSqlStorage } from "hephaestus-prisma";
import { bunClient } from "./bun.js";
import { keepsContract } from "./keeps-contract.js";

const sql = new SQL(process.env.DATABASE_URL ?? "");
const storage = createSqlStorage(bunClient(sql));
await keepsContract({
  name: "Bun.sql",
  storage,
  transact: (run) => sql.begin((tx) => run(storage.withTransaction(bunClient(tx)), (id) => tx`INSERT INTO orders (id) VALUES (${id})`)),
});

// Nobody listens there: what was not executed is retried, and then has no unknown outcome.
let retries = 0;
const nowhere = createSqlStorage(bunClient(new SQL("postgresql://postgres@127.0.0.1:1/none")), {
  retry: { attempts: 2, minDelayMs: 1 },
  onOperation: (operation) => (retries = operation.retries),
});
await assert.rejects(nowhere.delete("any"), { code: "ERR_POSTGRES_CONNECTION_REFUSED" });
assert.equal(retries, 1);
process.exit();
