import type { Instance, InstanceStorage } from "hephaestus-prisma";
import { createPgStorage, type PgStorage } from "hephaestus-prisma/pg";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { freePort } from "../../tools/free-port.js";
import { startTcpProxy, type TcpProxy } from "../../tools/tcp-proxy.js";
import { audit, runWriters } from "../../tools/writers.js";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { anInstance } from "hephaestus-prisma/testing";

const thousand = (status: Instance["status"]): Instance[] =>
  Array.from({ length: 1001 }, (_, n) => anInstance({ id: `many::${n}`, status }));

describe("when the connection of the pg storage is lost", () => {
  let database: PostgresDatabase;
  let proxy: TcpProxy;
  let pool: pg.Pool;
  let storage: PgStorage;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    proxy = await startTcpProxy(Number(new URL(inject("serverUrl")).port));
  });
  beforeEach(async () => {
    const url = new URL(database.url);
    url.port = String(proxy.port);
    pool = new pg.Pool({ connectionString: url.href, max: 3, application_name: "storage" });
    pool.on("error", () => {}); // a connection that is lost while it is idle: the storage's user listens for it
    storage = createPgStorage(pool);
    await database.sql("DELETE FROM workflow_instances");
    await storage.putMany([anInstance({ id: "a" }), anInstance({ id: "b" })]);
  });
  afterEach(async () => {
    proxy.open();
    await pool.end();
  });
  afterAll(async () => {
    await proxy.close();
    await database.close();
  });

  const untilBlocked = async (): Promise<void> => {
    const blocked = "SELECT FROM pg_stat_activity WHERE application_name = 'storage' AND wait_event_type = 'Lock'";
    while ((await database.sql(blocked)).length === 0);
  };

  const kill = (): Promise<unknown> =>
    database.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'storage'");

  const losses: [string, () => unknown][] = [
    ["cut", () => proxy.cut()],
    ["killed by the server", kill],
  ];

  /** Runs a call that waits for a lock, and loses its connection meanwhile. Returns what it settles with once the lock is gone. */
  async function lostDuring(lose: () => unknown, call: () => Promise<unknown>): Promise<unknown> {
    const blocker = await database.pool.connect();
    await blocker.query("BEGIN");
    await blocker.query("LOCK TABLE workflow_instances IN ACCESS EXCLUSIVE MODE");
    const settled = call().catch((error: unknown) => error);
    await untilBlocked();
    await lose();
    await blocker.query("ROLLBACK");
    blocker.release();
    return settled;
  }

  describe.each(losses)("because it is %s", (_, lose) => {
    it("while it is idle, every call but those of unknown outcome succeeds", async () => {
      for (const call of [
        () => storage.get("a"),
        () => storage.put(anInstance({ id: "a", status: "running" })),
        () => storage.putMany(thousand("running")),
        () => storage.query(),
        () => storage.list(),
        () => storage.countBy("status"),
        () => storage.prune({ workflowFamily: "Order.", status: "running" }, { includeActive: true, batchSize: 500 }),
        () => storage.delete("b"),
      ]) {
        await lose();
        await call();
      }
      expect(await database.sql("SELECT id FROM workflow_instances")).toEqual([]);
    });

    it.each<[string, (one: InstanceStorage) => Promise<unknown>]>([
      ["get", (one) => one.get("a")],
      ["query", (one) => one.query()],
      ["list", (one) => one.list()],
      ["put", (one) => one.put(anInstance({ id: "a", status: "failed" }))],
      ["putMany in one statement", (one) => one.putMany([anInstance({ id: "a", status: "failed" })])],
      ["putMany in several", (one) => one.putMany(thousand("failed"))],
      ["delete", (one) => one.delete("a")],
      ["prune", (one) => one.prune({ status: "waiting" }, { includeActive: true })],
    ])("in the middle of a %s, it goes again and succeeds", async (__, call) => {
      expect(await lostDuring(lose, () => call(storage))).not.toBeInstanceOf(Error);
    });

    it("in the middle of an insert or a compare-and-swap, the outcome is unknown, and the error says so", async () => {
      const inserted = await lostDuring(lose, () => storage.insert(anInstance({ id: "new" })));
      expect(inserted).toMatchObject({ code: "OUTCOME_UNKNOWN", id: "new", cause: expect.any(Error) as Error });
      expect((inserted as Error).message).toContain("Read it to find out");
      const current = (await storage.get("a")) as Instance;
      const swap = (): Promise<void> => storage.put({ ...current, status: "failed" }, { expected: current });
      expect(await lostDuring(lose, swap)).toMatchObject({ code: "OUTCOME_UNKNOWN", id: "a" });
    });

    it("in the user's transaction, nothing goes again", async () => {
      const client = await pool.connect();
      client.on("error", () => {});
      await client.query("BEGIN");
      await storage.withTransaction(client).put(anInstance({ id: "a", status: "running" }));
      await lose();
      const error = await storage
        .withTransaction(client)
        .putMany([anInstance({ id: "b", status: "running" })])
        .catch((reason: unknown) => reason);
      client.release(true);
      expect(error).toBeInstanceOf(Error);
      expect(await database.sql("SELECT DISTINCT status FROM workflow_instances")).toEqual([{ status: "waiting" }]);
    });

    it("with retry: false, the driver's error arrives as it came", async () => {
      const once = createPgStorage(pool, { retry: false });
      const error = await lostDuring(lose, () => once.put(anInstance({ id: "a" })));
      expect((error as Error).message).toMatch(
        /^Connection terminated unexpectedly$|^terminating connection due to administrator command$/,
      );
    });
  });

  it("between two statements of a putMany, it goes again, and the process lives on", async () => {
    let cuts = 0;
    const cutting = new Proxy(pool, {
      get(target, name) {
        if (name === "query") return target.query.bind(target); // it would call the connect below with a callback
        if (name !== "connect") return Reflect.get(target, name, target) as unknown;
        return async () => {
          const client = await target.connect();
          const query = client.query.bind(client) as (...args: unknown[]) => unknown;
          client.query = ((...args: [{ text: string }]) => {
            const result = query(...args);
            if (args[0].text !== "BEGIN" || cuts++ >= 2) return result;
            return (result as Promise<unknown>).then(() => {
              proxy.cut();
              return new Promise((resolve) => client.once("error", resolve));
            });
          }) as never;
          return client;
        };
      },
    });
    await createPgStorage(cutting).putMany(thousand("running"));
    expect(cuts).toBe(3);
    expect(await storage.count({ status: "running" })).toBe(1001);
    expect(pool.waitingCount).toBe(0);
  });

  it("under load, over and over, every acknowledged write is there", async () => {
    const coalescing = createPgStorage(pool, { coalesceWrites: true });
    const controller = new AbortController();
    const writing = runWriters(storage, coalescing, 12, controller.signal);
    for (let cut = 0; cut < 20; cut++) {
      await storage.put(anInstance({ id: "a" }));
      if (cut % 2 === 0) proxy.cut();
      else await kill();
    }
    controller.abort();
    const tally = await writing;
    await storage.delete("a");
    await storage.delete("b");
    expect(tally.acknowledged).toBeGreaterThan(20);
    expect(await audit(storage, tally)).toEqual({ lost: [], appliedTwice: 0, torn: [] });
  });

  it("for good, calls give up after their attempts, with the driver's error", async () => {
    proxy.shut();
    const impatient = createPgStorage(pool, { retry: { attempts: 3, minDelayMs: 1, maxDelayMs: 2 } });
    await expect(impatient.get("a")).rejects.toThrow("Connection terminated unexpectedly");
    await expect(impatient.putMany(thousand("failed"))).rejects.toThrow("Connection terminated unexpectedly");
  });
});

describe("when the pg storage finds no server, no connection or a deadlock", () => {
  let database: PostgresDatabase;
  beforeAll(async () => {
    database = await createPostgresDatabase();
  });
  afterAll(() => database.close());

  it("an unreachable server is the driver's error, also for an insert, which can't have been carried out", async () => {
    const pool = new pg.Pool({ connectionString: `postgresql://postgres:postgres@127.0.0.1:${await freePort()}/none` });
    const storage = createPgStorage(pool, { retry: { attempts: 3, minDelayMs: 1, maxDelayMs: 2 } });
    await expect(storage.get("a")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await expect(storage.insert(anInstance())).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await expect(storage.putMany(thousand("failed"))).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await pool.end();
  });

  it("calls that find no connection free in time go again, inserts too", async () => {
    const pool = new pg.Pool({ connectionString: database.url, max: 1 });
    await pool.query("SELECT"); // a busy machine may take its time to open the connection
    pool.options.connectionTimeoutMillis = 50;
    const busy = pool.query("SELECT pg_sleep(0.6)");
    await expect(createPgStorage(pool, { retry: false }).get("a")).rejects.toThrow("timeout exceeded when trying to connect");
    await Promise.all([createPgStorage(pool).insert(anInstance({ id: "a" })), createPgStorage(pool).putMany(thousand("failed"))]);
    await busy;
    expect(await database.sql("SELECT count(*)::int AS n FROM workflow_instances")).toEqual([{ n: 1002 }]);
    await pool.end();
  });

  it("the victim of a deadlock goes again", async () => {
    await database.sql("DELETE FROM workflow_instances");
    const pool = new pg.Pool({ connectionString: database.url, application_name: "storage" });
    const storage = createPgStorage(pool);
    await storage.putMany([anInstance({ id: "a" }), anInstance({ id: "b" })]);
    const other = await database.pool.connect();
    await other.query("SET deadlock_timeout = '60s'"); // so that PostgreSQL picks the storage's statement
    await other.query("BEGIN");
    await other.query("UPDATE workflow_instances SET status = 'running' WHERE id = 'b'");
    const put = storage.putMany([anInstance({ id: "a", status: "failed" }), anInstance({ id: "b", status: "failed" })]);
    const blocked = "SELECT FROM pg_stat_activity WHERE application_name = 'storage' AND wait_event_type = 'Lock'";
    while ((await database.sql(blocked)).length === 0);
    await other.query("UPDATE workflow_instances SET status = 'running' WHERE id = 'a'");
    await other.query("COMMIT");
    other.release();
    await put;
    expect(await database.sql("SELECT DISTINCT status FROM workflow_instances")).toEqual([{ status: "failed" }]);
    await pool.end();
  });
});
