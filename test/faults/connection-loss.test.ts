import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage, type Instance, type InstanceStorage } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { PrismaClient } from "../../generated/prisma/client.js";
import { startTcpProxy, type TcpProxy } from "../../tools/tcp-proxy.js";
import { connectClient, createPostgresDatabase, type PostgresDatabase } from "../database.js";

describe("when the connection is cut", () => {
  let database: PostgresDatabase;
  let proxy: TcpProxy;
  let client: PrismaClient;
  let storage: InstanceStorage;
  let proxyUrl: string;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    proxy = await startTcpProxy(Number(new URL(inject("serverUrl")).port));
    const url = new URL(database.url);
    url.port = String(proxy.port);
    proxyUrl = url.href;
  });
  beforeEach(async () => {
    client = connectClient({ connectionString: proxyUrl, max: 3 });
    storage = createPrismaStorage(client);
    await database.sql("DELETE FROM workflow_instances");
    await storage.putMany([anInstance({ id: "a" }), anInstance({ id: "b" })]);
  });
  afterEach(async () => {
    proxy.open();
    await client.$disconnect();
  });
  afterAll(async () => {
    await proxy.close();
    await database.close();
  });

  /** Waits until the storage's statement waits for the lock. */
  async function untilBlocked(): Promise<void> {
    for (;;) {
      const [row] = await database.sql(
        "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      if (row?.n !== 0) return;
    }
  }

  /** Runs a call that waits for a lock, and cuts its connection meanwhile. */
  async function cutDuring(call: () => Promise<unknown>): Promise<{ settled: Promise<unknown>; unlock: () => Promise<void> }> {
    const blocker = await database.pool.connect();
    await blocker.query("BEGIN");
    await blocker.query("LOCK TABLE workflow_instances IN ACCESS EXCLUSIVE MODE");
    const settled = call().catch((error: unknown) => error);
    await untilBlocked();
    proxy.cut();
    return {
      settled,
      async unlock() {
        await blocker.query("ROLLBACK");
        blocker.release();
      },
    };
  }

  it("while it is idle, idempotent calls are retried and succeed", async () => {
    for (const call of [
      () => storage.get("a"),
      () => storage.put(anInstance({ id: "a", status: "running" })),
      () => storage.putMany([anInstance({ id: "b", status: "running" })]),
      () => storage.query(),
      () => storage.delete("a"),
    ]) {
      proxy.cut();
      await call();
    }
    expect(await database.sql("SELECT id, status FROM workflow_instances")).toEqual([{ id: "b", status: "running" }]);
  });

  it.each([
    ["get", (one: InstanceStorage) => one.get("a")],
    ["query", (one: InstanceStorage) => one.query()],
    ["put", (one: InstanceStorage) => one.put(anInstance({ id: "a", status: "failed" }))],
    ["putMany", (one: InstanceStorage) => one.putMany([anInstance({ id: "a", status: "failed" })])],
    ["delete", (one: InstanceStorage) => one.delete("a")],
  ])("in the middle of a %s, it is retried and succeeds", async (_, call) => {
    const { settled, unlock } = await cutDuring(() => call(storage));
    await unlock();
    expect(await settled).not.toBeInstanceOf(Error);
  });

  it("in the middle of an insert, the outcome is unknown, and the error says so", async () => {
    const { settled, unlock } = await cutDuring(() => storage.insert(anInstance({ id: "new" })));
    const error = await settled;
    await unlock();
    expect(error).toMatchObject({ code: "OUTCOME_UNKNOWN", id: "new", cause: { message: "Connection terminated unexpectedly" } });
    expect((error as Error).message).toContain("Read it to find out");
  });

  it("in the middle of a compare-and-swap, the outcome is unknown, also in an update", async () => {
    const current = (await storage.get("a")) as Instance;
    const swap = await cutDuring(() => storage.put({ ...current, status: "failed" }, { expected: current }));
    expect(await swap.settled).toMatchObject({ code: "OUTCOME_UNKNOWN", id: "a" });
    await swap.unlock();
    await database.sql("DELETE FROM workflow_instances");
    await storage.put(anInstance({ id: "a" }));
    let unlock = (): Promise<void> => Promise.resolve();
    const error = await storage
      .update("a", async (instance) => {
        const blocker = await database.pool.connect();
        await blocker.query("BEGIN");
        await blocker.query("LOCK TABLE workflow_instances IN ACCESS EXCLUSIVE MODE");
        void untilBlocked().then(() => proxy.cut());
        unlock = async () => {
          await blocker.query("ROLLBACK");
          blocker.release();
        };
        return { ...instance, status: "failed" };
      })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "OUTCOME_UNKNOWN", id: "a" });
    await unlock();
  });

  it("with retry: false, the driver's error is rethrown unchanged", async () => {
    const once = createPrismaStorage(client, { retry: false });
    const { settled, unlock } = await cutDuring(() => once.put(anInstance({ id: "a" })));
    expect(await settled).toMatchObject({ message: "Connection terminated unexpectedly" });
    await unlock();
  });

  it("inside the user's transaction, nothing is retried", async () => {
    const outer = createPrismaStorage(client);
    let calls = 0;
    const error = await client
      .$transaction(async (tx) => {
        calls++;
        await outer.withTransaction(tx).put(anInstance({ id: "a", status: "running" }));
        proxy.cut();
        await outer.withTransaction(tx).put(anInstance({ id: "b", status: "running" }));
      })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(calls).toBe(1);
    expect(await database.sql("SELECT DISTINCT status FROM workflow_instances")).toEqual([{ status: "waiting" }]);
  });

  it("on every attempt, calls give up with the driver's error", async () => {
    proxy.shut();
    const impatient = createPrismaStorage(client, { retry: { attempts: 3, minDelayMs: 1, maxDelayMs: 2 } });
    await expect(impatient.get("a")).rejects.toThrow("Connection terminated unexpectedly");
  });

  it("under load, over and over, every acknowledged put is there", async () => {
    const coalescing = createPrismaStorage(client, { coalesceWrites: true });
    let done = false;
    const acknowledged = new Map<string, number>();
    const writer = async (id: string, through: InstanceStorage): Promise<void> => {
      for (let n = 1; !done; n++) {
        await through.put(anInstance({ id, runtimeMetadata: { n } }));
        acknowledged.set(id, n);
      }
    };
    const writers = Promise.all(Array.from({ length: 12 }, (_, w) => writer(`w${w}`, w % 2 === 0 ? storage : coalescing)));
    for (let cut = 0; cut < 30; cut++) {
      const before = [...acknowledged.values()].reduce((sum, n) => sum + n, 0);
      while ([...acknowledged.values()].reduce((sum, n) => sum + n, 0) < before + 20) await new Promise((resolve) => setImmediate(resolve));
      proxy.cut();
    }
    done = true;
    await writers;
    const rows = await database.sql("SELECT id, state->'runtime_metadata'->'n' AS n FROM workflow_instances WHERE id LIKE 'w%'");
    expect(new Map(rows.map(({ id, n }) => [id, n]))).toEqual(acknowledged);
  });
});

describe("when the server ends connections under transactions", () => {
  it("over and over, the process goes on, no transaction is torn, and what was acknowledged is there", async () => {
    const database = await createPostgresDatabase();
    const pool = new pg.Pool({ connectionString: database.url, max: 8 });
    pool.on("connect", (connection) => connection.on("error", () => {}));
    const client = new PrismaClient({
      adapter: new PrismaPg(pool, { disposeExternalPool: true }),
      transactionOptions: { maxWait: 10_000 },
    });
    const storage = createPrismaStorage(client, { retry: { attempts: 50 } });
    let done = false;
    let acknowledged = 0;
    const pairs = new Map<string, number>();
    const batches = new Map<string, number>();
    const inTransactions = async (w: number): Promise<void> => {
      for (let n = 1; !done; n++) {
        const both = ["left", "right"].map((side) => anInstance({ id: `${side}::${w}`, runtimeMetadata: { n } }));
        const committed = await client
          .$transaction(async (tx) => {
            for (const instance of both) await storage.withTransaction(tx).put(instance);
          })
          .then(
            () => true,
            () => false, // cut: rolled back, or committed unknowingly
          );
        if (!committed) continue;
        pairs.set(`${w}`, n);
        acknowledged++;
      }
    };
    const inBatches = async (w: number): Promise<void> => {
      for (let n = 1; !done; n++) {
        await storage.putMany(Array.from({ length: 2_000 }, (_, i) => anInstance({ id: `batch::${w}::${i}`, runtimeMetadata: { n } })));
        batches.set(`${w}`, n);
        acknowledged++;
      }
    };
    const writers = Promise.all([...Array.from({ length: 6 }, (_, w) => inTransactions(w)), inBatches(0), inBatches(1)]);
    for (let cut = 0; cut < 12; cut++) {
      const before = acknowledged;
      while (acknowledged < before + 12) await Promise.race([writers, new Promise((resolve) => setTimeout(resolve, 5))]);
      await database.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
      );
    }
    done = true;
    await writers;
    const numbers = await database.sql(
      `SELECT split_part(id, '::', 1) = 'batch' AS batch, split_part(id, '::', 2) AS w,
         min((state->'runtime_metadata'->'n')::int) AS first, max((state->'runtime_metadata'->'n')::int) AS last
       FROM workflow_instances GROUP BY 1, 2`,
    );
    expect(numbers).toHaveLength(8);
    for (const { batch, w, first, last } of numbers) {
      expect(first).toBe(last);
      expect(first).toBeGreaterThanOrEqual((batch === true ? batches : pairs).get(String(w)) ?? Infinity);
    }
    await client.$disconnect();
    await database.close();
  }, 120_000);
});

describe("when there is no server, no connection or a deadlock", () => {
  let database: PostgresDatabase;
  beforeAll(async () => {
    database = await createPostgresDatabase();
  });
  afterAll(() => database.close());

  it("an unreachable server is Prisma's P1001, also for an insert, which can't have run", async () => {
    const client = connectClient({ connectionString: "postgresql://postgres:postgres@127.0.0.1:1/none" });
    const storage = createPrismaStorage(client, { retry: { attempts: 3, minDelayMs: 1, maxDelayMs: 2 } });
    await expect(storage.get("a")).rejects.toMatchObject({ code: "P1001" });
    await expect(storage.insert(anInstance())).rejects.toMatchObject({ code: "P1001" });
  });

  it("raw SQL that finds no server is retried too, although Prisma reports no code for it", async () => {
    const target = Number(new URL(inject("serverUrl")).port);
    let proxy = await startTcpProxy(target);
    const url = new URL(database.url);
    url.port = String(proxy.port);
    const client = connectClient({ connectionString: url.href });
    const seen: unknown[] = [];
    const storage = createPrismaStorage(
      client.$extends({
        query: {
          async $executeRawUnsafe({ args, query }) {
            try {
              return (await query(args)) as unknown;
            } catch (error) {
              seen.push(error);
              proxy = await startTcpProxy(target, proxy.port);
              throw error;
            }
          },
        },
      }),
    );
    await storage.putMany([anInstance({ id: "there" })]); // looks up the table's name
    await proxy.close();
    await expect(client.$queryRaw`SELECT 1`).rejects.toThrow(); // the pool drops its connection
    await storage.putMany([anInstance({ id: "there again" })]);
    expect(seen).toMatchObject([{ code: "P2010" }]);
    expect(await database.sql("SELECT id FROM workflow_instances WHERE id LIKE 'there%' ORDER BY id")).toHaveLength(2);
    await database.sql("DELETE FROM workflow_instances");
    await client.$disconnect();
    await proxy.close();
  });

  it("a server that doesn't respond in time can't have run an insert", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const client = connectClient({
      connectionString: `postgresql://postgres:postgres@127.0.0.1:${port}/none`,
      connectionTimeoutMillis: 20,
    });
    const storage = createPrismaStorage(client, { retry: { attempts: 3, minDelayMs: 1, maxDelayMs: 2 } });
    await expect(storage.insert(anInstance())).rejects.toThrow("Connection terminated due to connection timeout");
    await client.$disconnect();
    silent.close();
  });

  it("calls that get no connection in time are retried, inserts too", async () => {
    const pool = new pg.Pool({ connectionString: database.url, max: 1 });
    await pool.query("SELECT"); // opening a connection can be slow on a busy machine
    pool.options.connectionTimeoutMillis = 50;
    const client = new PrismaClient({ adapter: new PrismaPg(pool) });
    const storage = createPrismaStorage(client);
    const impatient = createPrismaStorage(client, { retry: false });
    const busy = client.$queryRaw`SELECT pg_sleep(0.6)::text`.then();
    await expect(impatient.get("a")).rejects.toThrow("timeout exceeded when trying to connect");
    await Promise.all([storage.insert(anInstance({ id: "a" })), storage.put(anInstance({ id: "b" }))]);
    await busy;
    expect(await database.sql("SELECT id FROM workflow_instances ORDER BY id")).toEqual([{ id: "a" }, { id: "b" }]);
    await client.$disconnect();
    await pool.end();
  });

  it("transactions that can't begin in time are retried: putMany's, and the one that looks up the table's name", async () => {
    const pool = new pg.Pool({ connectionString: database.url, max: 1 });
    await pool.query("SELECT");
    const client = new PrismaClient({ adapter: new PrismaPg(pool), transactionOptions: { maxWait: 20 } });
    const busy = client.$queryRaw`SELECT pg_sleep(0.6)::text`.then();
    const many = Array.from({ length: 1001 }, (_, n) => anInstance({ id: `many::${n}` }));
    await expect(createPrismaStorage(client, { retry: false }).putMany(many)).rejects.toMatchObject({ code: "P2028" });
    await createPrismaStorage(client).putMany(many);
    await busy;
    expect(await database.sql("SELECT count(*)::int AS n FROM workflow_instances WHERE id LIKE 'many::%'")).toEqual([{ n: 1001 }]);
    await database.sql("DELETE FROM workflow_instances");
    await client.$disconnect();
    await pool.end();
  });

  it("the victim of a deadlock is retried", async () => {
    await database.sql("DELETE FROM workflow_instances");
    const storage = createPrismaStorage(database.client);
    await storage.putMany([anInstance({ id: "a" }), anInstance({ id: "b" })]);
    const other = await database.pool.connect();
    await other.query("SET deadlock_timeout = '60s'"); // so that PostgreSQL cancels the storage's statement
    await other.query("BEGIN");
    await other.query("UPDATE workflow_instances SET status = 'running' WHERE id = 'b'");
    const put = storage.putMany([anInstance({ id: "a", status: "failed" }), anInstance({ id: "b", status: "failed" })]);
    await other.query("SELECT 1");
    for (;;) {
      const { rows } = await database.pool.query<{ n: number }>(
        "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      if (rows[0]?.n === 1) break;
    }
    await other.query("UPDATE workflow_instances SET status = 'running' WHERE id = 'a'");
    await other.query("COMMIT");
    other.release();
    await put;
    expect(await database.sql("SELECT DISTINCT status FROM workflow_instances")).toEqual([{ status: "failed" }]);
  });
});
