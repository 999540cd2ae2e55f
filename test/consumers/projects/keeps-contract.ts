import assert from "node:assert/strict";
import { createInstance, type InstanceStorage } from "hephaestus-prisma";
import { storageContract } from "hephaestus-prisma/testing";
import pg from "pg";
import { IN_TRANSACTIONS, inTransactions } from "./in-transactions.js";

/** A storage through a driver, and a transaction of that driver. */
export interface Driver {
  readonly name: string;
  readonly storage: InstanceStorage;
  /** Runs a function in a transaction, with the storage in there, and with what inserts an order by the driver itself. */
  readonly transact: <Result>(
    run: (within: InstanceStorage, insertOrder: (id: string) => PromiseLike<unknown>) => Promise<Result>,
  ) => Promise<Result>;
}

/** Holds a storage against the contract, alone and in transactions, which commit and roll back, and lets it meet faults. */
export async function keepsContract({ name, storage, transact }: Driver): Promise<void> {
  const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
  const sql = async (text: string, values?: unknown[]): Promise<object[]> => (await pool.query<object>(text, values)).rows;
  const hold = async (subject: InstanceStorage, leftOut: object): Promise<void> => {
    const cases = storageContract({
      name,
      async create() {
        await sql("DELETE FROM workflow_instances");
        return subject;
      },
      async storeRow(row) {
        const values = [row.id, row.workflow, row.workflowVersion, row.status, row.state];
        await sql("INSERT INTO workflow_instances (id, workflow, workflow_version, status, state) VALUES ($1, $2, $3, $4, $5)", values);
      },
    }).filter((one) => !Object.hasOwn(leftOut, one.name));
    const failed: string[] = [];
    for (const { group, name, run } of cases) await run().catch((error: Error) => failed.push(`${group}: ${name}: ${error.stack}`));
    assert.deepEqual(failed, []);
    console.log(`${name} keeps ${cases.length} cases`);
  };
  await hold(storage, {});
  await hold(inTransactions(storage, transact), IN_TRANSACTIONS);

  await sql("DELETE FROM workflow_instances");
  await sql("CREATE TABLE orders (id text PRIMARY KEY, total integer NOT NULL DEFAULT 0)");
  const both = (id: string, isRolledBack: boolean): Promise<void> =>
    transact(async (within, insertOrder) => {
      await insertOrder(id);
      await within.put(createInstance({ id, workflow: "Order.V1", initial: { total: 9007199254740993n } }));
      await within.putMany([1, 2].map((n) => createInstance({ id: `${id}-${n}`, workflow: "Order.V1" })));
      assert.equal(await within.count(), 3, "the transaction reads its own writes");
      assert.equal(await storage.count(), 0, "nobody else does");
      if (isRolledBack) throw new Error("roll back");
    });
  await assert.rejects(both("undone", true), /roll back/);
  assert.deepEqual(await sql("SELECT id FROM orders UNION ALL SELECT id FROM workflow_instances"), []);
  await both("done", false);
  await assert.rejects(storage.insert(createInstance({ id: "done", workflow: "Order.V1" })), { code: "INSTANCE_EXISTS" });
  const written = `SELECT id, state #>> '{context,initial,total}' AS total FROM workflow_instances WHERE id IN (SELECT id FROM orders)`;
  assert.deepEqual(await sql(written), [{ id: "done", total: "9007199254740993" }]);
  await sql("DROP TABLE orders");
  console.log(`${name} commits and rolls back`);

  await sql("ALTER TABLE workflow_instances RENAME TO gone");
  await assert.rejects(storage.get("done"), { code: "INVALID_TABLE" });
  await sql("ALTER TABLE gone RENAME TO workflow_instances");
  const holder = await pool.connect();
  await holder.query("BEGIN; SELECT FROM workflow_instances WHERE id = 'done' FOR UPDATE");
  const waiting = storage.put(createInstance({ id: "done", workflow: "Order.V1" }));
  const isLost = assert.rejects(waiting, { code: "OUTCOME_UNKNOWN" });
  const end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
  while ((await sql(end)).length === 0);
  await isLost;
  await holder.query("ROLLBACK");
  holder.release();
  assert.equal((await storage.get("done"))?.id, "done", "on another connection");
  await pool.end();
  console.log(`${name} recognises faults`);
}
