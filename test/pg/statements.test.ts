import { createPrismaStorage, type Instance, type StorageOperation, type InstanceStorage } from "hephaestus-prisma";
import { createPgStorage } from "hephaestus-prisma/pg";
import pg from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { anInstance } from "hephaestus-prisma/testing";
import { databaseOn } from "../storage-on.js";
import { pgOn } from "./pg-on.js";

/** A pool of one connection, and what was sent through it. */
function recordingPool(url: string): { pool: pg.Pool; sent: () => string[] } {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  let texts: string[] = [];
  pool.on("connect", (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = ((...args: unknown[]) => {
      const [first] = args as [string | { text: string }];
      texts.push((typeof first === "string" ? first : first.text).trim().replace(/\s+/g, " "));
      return query(...args);
    }) as never;
  });
  return {
    pool,
    sent() {
      const all = texts;
      texts = [];
      return all;
    },
  };
}

const PREPARED = "SELECT name, statement FROM pg_prepared_statements WHERE name LIKE 'hephaestus%'";

describe("the statements of the pg storage", () => {
  const database = databaseOn(preparePostgresDatabase);
  const { pool, sent } = recordingPool(database.url);
  const storage = createPgStorage(pool);
  afterAll(() => pool.end());
  const read = async (one: InstanceStorage = storage): Promise<Instance> => (await one.get("order::1")) as Instance;

  it("are one for each call", async () => {
    await storage.putMany([anInstance(), anInstance({ id: "new" })]); // the first asks whether this is Citus, once
    expect(sent()).toEqual(["SELECT count(*) FROM pg_extension WHERE extname = 'citus'", expect.stringContaining("unnest")]);
    await storage.delete("new");
    const current = await read();
    sent();
    const calls: [RegExp, () => Promise<unknown>][] = [
      [/^SELECT .* WHERE id = \$1$/, () => storage.get("order::1")],
      [/^INSERT .* ON CONFLICT \(id\) DO UPDATE SET/, () => storage.put(anInstance())],
      [
        /^UPDATE .* WHERE id = \$1 AND .* AND state = \$9::jsonb$/,
        () => storage.put({ ...current, status: "failed" }, { expected: current }),
      ],
      [/^INSERT .* ON CONFLICT DO NOTHING$/, () => storage.insert(anInstance({ id: "new" }))],
      [/^INSERT .* unnest.* DO UPDATE SET/, () => storage.putMany([anInstance({ id: "a" }), anInstance({ id: "b" })])],
      [/^SELECT .*state::text.* ORDER BY id asc$/, () => storage.query()],
      [/^SELECT (?!.*state::).* LIMIT 51$/, () => storage.list()],
      [/^SELECT count\(\*\)/, () => storage.count()],
      [/^SELECT status AS value, count\(\*\).* GROUP BY status$/, () => storage.countBy("status")],
      [/^DELETE FROM .* WHERE id = \$1$/, () => storage.delete("new")],
    ];
    for (const [pattern, call] of calls) {
      await call();
      const statements = sent();
      expect(statements).toHaveLength(1);
      expect(statements[0]).toMatch(pattern);
    }
    await storage.putMany([]);
    expect(sent()).toEqual([]);
  });

  it("are prepared once a connection, if they are by id or write", async () => {
    for (let n = 0; n < 10; n++) {
      await storage.put(anInstance({ status: "waiting" }));
      await storage.get("order::1");
      await storage.update("order::1", (current) => ({ ...current, status: "running" }));
      await storage.query({ status: "running" }, { limit: n + 1 });
    }
    const { rows } = await pool.query<{ statement: string }>(PREPARED);
    const about = (pattern: RegExp): number => rows.filter(({ statement }) => pattern.test(statement)).length;
    expect([about(/WHERE id = \$1$/), about(/ON CONFLICT \(id\) DO UPDATE/), about(/^\s*UPDATE/)]).toEqual([2, 2, 1]);
  });

  it("have no names with namedStatements: false", async () => {
    const other = recordingPool(database.url);
    const unnamed = createPgStorage(other.pool, { namedStatements: false });
    await unnamed.put(anInstance());
    await unnamed.update("order::1", (current) => ({ ...current, status: "failed" }));
    expect((await read(unnamed)).status).toBe("failed");
    expect((await other.pool.query(PREPARED)).rows).toEqual([]);
    await other.pool.end();
  });

  it("take one transaction on one connection for more rows than one statement carries, all or none", async () => {
    const many = Array.from({ length: 1001 }, (_, n) => anInstance({ id: `many::${String(n).padStart(4, "0")}` }));
    sent();
    await storage.putMany(many);
    const statements = sent();
    expect(statements.map((text) => text.split(" ")[0])).toEqual(["BEGIN", "INSERT", "INSERT", "COMMIT"]);
    expect(await storage.count({ workflow: "Order.V2" })).toBe(1004);

    await database.sql("DELETE FROM workflow_instances");
    await database.sql("ALTER TABLE workflow_instances ADD CONSTRAINT no_last CHECK (id <> 'many::1000')");
    sent();
    await expect(storage.putMany(many)).rejects.toMatchObject({ code: "23514", constraint: "no_last" });
    expect(sent().map((text) => text.split(" ")[0])).toEqual(["BEGIN", "INSERT", "INSERT", "ROLLBACK"]);
    expect(await storage.count()).toBe(0);
    await database.sql("ALTER TABLE workflow_instances DROP CONSTRAINT no_last");
    await storage.putMany(many);
    expect(await storage.count()).toBe(1001);
    expect([pool.totalCount, pool.idleCount, pool.waitingCount]).toEqual([1, 1, 0]);
  });
});

describe("the compare-and-swap of the pg storage", () => {
  const { database, pool, storage } = pgOn();

  it("looks the id up, whatever statistics say about status and workflow", async () => {
    await storage.put(anInstance({ id: "old" }));
    await database.sql("VACUUM ANALYZE workflow_instances");
    await database.sql("ALTER TABLE workflow_instances SET (autovacuum_enabled = false)");
    await database.sql(
      "INSERT INTO workflow_instances (id, workflow, status) SELECT 'burst::' || n, 'Burst.V1', 'running' FROM generate_series(1, 20000) AS n",
    );
    const burst = createPgStorage(pool, { namedStatements: false });
    const current = (await burst.get("burst::7")) as Instance;
    const { rows } = await explained(() => burst.put({ ...current, status: "failed" }, { expected: current }));
    const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
    expect(plan).toContain("Index Scan using workflow_instances_pkey");
    expect(plan).not.toMatch(/status_index|workflow_index|Bitmap/);
  });

  /** The plan of the one statement that a call sends. */
  async function explained(call: () => Promise<unknown>): Promise<pg.QueryResult<{ "QUERY PLAN": string }>> {
    const query = pool.query.bind(pool);
    let plan: Promise<pg.QueryResult<{ "QUERY PLAN": string }>> | undefined;
    pool.query = (({ text, values }: pg.QueryConfig) => {
      plan = query<{ "QUERY PLAN": string }>(`EXPLAIN ${text}`, values);
      return plan.then(() => ({ rows: [], rowCount: 1 }));
    }) as never;
    await call();
    pool.query = query;
    if (plan === undefined) throw new Error("nothing was sent");
    return plan;
  }
});

describe("an instance that another storage has read", () => {
  const { database, pool, storage } = pgOn({ bigIntegers: "bigint" });
  const rich = { at: new Date(0), n: 2n ** 63n + 1n, large: 1e23, ratio: 0.1, map: new Map([[1, -0]]) };

  it.each(["Prisma", "pg"] as const)("can be expected by the other one on the same table, if %s has read it", async (reader) => {
    const prisma = createPrismaStorage(database.client, { bigIntegers: "bigint" });
    const [reads, writes] = reader === "pg" ? [storage, prisma] : [prisma, storage];
    await writes.put(anInstance({ runtimeMetadata: rich }));
    for (const read of [() => reads.get("order::1"), async () => (await reads.query())[0]]) {
      const current = (await read()) as Instance;
      await writes.put({ ...current, currentStep: `${current.currentStep}+` }, { expected: current });
      await expect(writes.put({ ...current, status: "failed" }, { expected: current })).rejects.toMatchObject({ code: "CONFLICT" });
    }
    const updated = await reads.update("order::1", (current) => ({ ...current, status: "running" }));
    await writes.put({ ...updated, status: "completed" }, { expected: updated });
    expect(await writes.get("order::1")).toEqual(anInstance({ runtimeMetadata: rich, status: "completed", currentStep: "payment++" }));
    await expect(writes.put(updated, { expected: { ...updated } })).rejects.toMatchObject({ code: "INVALID_OPTION", option: "expected" });
    expect(pool.totalCount).toBeGreaterThan(0);
  });
});

describe("operations of the pg storage", () => {
  const { database, pool } = pgOn();

  it("are reported to onOperation, inside a transaction too", async () => {
    const seen: StorageOperation[] = [];
    const storage = createPgStorage(pool, { onOperation: (operation) => seen.push(operation), recordIds: true });
    await storage.put(anInstance());
    const client = await pool.connect();
    await storage.withTransaction(client).get("order::1");
    client.release();
    expect(seen).toMatchObject([
      { operation: "put", rows: 1, outcome: "ok", ids: ["order::1"] },
      { operation: "get", rows: 1, outcome: "ok", ids: ["order::1"] },
    ]);
    expect(await database.sql("SELECT id FROM workflow_instances")).toEqual([{ id: "order::1" }]);
  });
});
