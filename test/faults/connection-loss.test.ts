import type { Instance, InstanceStorage } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { startTcpProxy, type TcpProxy } from "../../tools/tcp-proxy.js";
import { audit, runWriters } from "../../tools/writers.js";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { type Connected, ways } from "../../tools/ways.js";

describe.each(ways)("when the connection of $way is lost", ({ coalesces, connect }) => {
  let database: PostgresDatabase;
  let proxy: TcpProxy;
  let connected: Connected;
  let storage: InstanceStorage;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    proxy = await startTcpProxy(Number(new URL(inject("serverUrl")).port));
  });
  beforeEach(async () => {
    const url = new URL(database.url);
    url.port = String(proxy.port);
    connected = connect({ connectionString: url.href, max: 3 });
    storage = connected.storage();
    await database.sql("DELETE FROM workflow_instances");
    await storage.putMany([anInstance({ id: "a" }), anInstance({ id: "b" })]);
  });
  afterEach(async () => {
    proxy.open();
    await connected.close();
  });
  afterAll(async () => {
    await proxy.close();
    await database.close();
  });

  const untilBlocked = async (): Promise<void> => {
    const blocked = `SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'storage' AND wait_event_type = 'Lock'`;
    while ((await database.sql(blocked)).length === 0);
  };

  const kill = async (): Promise<void> => {
    const backends = "FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'storage'";
    await database.sql(`SELECT pg_terminate_backend(pid) ${backends}`);
  };
  const cut = async (): Promise<void> => proxy.cut();

  /** Runs a call that waits for a lock, and loses its connection meanwhile. Returns what it settles with once the lock is gone. */
  async function lostDuring(lose: () => Promise<void>, call: () => Promise<unknown>): Promise<unknown> {
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

  const reads: [string, (one: InstanceStorage) => Promise<unknown>][] = [
    ["get", (one) => one.get("a")],
    ["query", (one) => one.query()],
    ["list", (one) => one.list()],
    ["count", (one) => one.count()],
    ["countBy", (one) => one.countBy("status")],
    ["prune", (one) => one.prune({ status: "waiting" }, { includeActive: true })],
  ];
  const writes: [string, (one: InstanceStorage) => Promise<unknown>][] = [
    ["put", (one) => one.put(anInstance({ id: "a", status: "failed" }))],
    ["putMany", (one) => one.putMany([anInstance({ id: "a", status: "failed" })])],
    ["delete", (one) => one.delete("a")],
    ["insert", (one) => one.insert(anInstance({ id: "a" }))],
    ["update", (one) => one.update("a", (current) => ({ ...current, status: "failed" }))],
  ];

  describe.each([
    ["cut", cut],
    ["killed by the server", kill],
  ])("because it is %s", (_, lose) => {
    it.each(reads)("in the middle of a %s, it is retried and succeeds", async (__, call) => {
      expect(await lostDuring(lose, () => call(storage))).not.toBeInstanceOf(Error);
    });

    it.each(writes.filter(([name]) => name !== "update"))("in the middle of a %s, the outcome is unknown", async (__, call) => {
      const error = await lostDuring(lose, () => call(storage));
      expect(error).toMatchObject({ code: "OUTCOME_UNKNOWN", id: "a", cause: expect.any(Error) as Error });
      expect((error as Error).message).toContain("Read it to find out");
    });

    it.each(writes.filter(([name]) => name !== "update"))(
      "in the middle of a %s with retry: false, the outcome is unknown too",
      async (__, call) => {
        const error = await lostDuring(lose, () => call(connected.storage({ retry: false })));
        expect(error).toMatchObject({ code: "OUTCOME_UNKNOWN", id: "a" });
      },
    );

    it.each(writes.slice(0, 3))("with afterUnknown: true, in the middle of a %s, it is retried and succeeds", async (__, call) => {
      const lenient = connected.storage({ retry: { afterUnknown: true } });
      expect(await lostDuring(lose, () => call(lenient))).not.toBeInstanceOf(Error);
    });

    it("in the middle of a compare-and-swap, the outcome is unknown", async () => {
      const current = (await storage.get("a")) as Instance;
      const swap = (): Promise<void> => storage.put({ ...current, status: "failed" }, { expected: current });
      expect(await lostDuring(lose, swap)).toMatchObject({ code: "OUTCOME_UNKNOWN", id: "a" });
    });

    it("in the user's transaction, nothing is retried, and nothing is stored", async () => {
      let calls = 0;
      const failed = connected.inTransaction(async (within) => {
        calls++;
        await within.put(anInstance({ id: "a", status: "running" }));
        await lose();
        await within.putMany([anInstance({ id: "b", status: "running" })]);
      });
      await expect(failed).rejects.toThrow();
      expect(calls).toBe(1);
      expect(await database.sql("SELECT DISTINCT status FROM workflow_instances")).toEqual([{ status: "waiting" }]);
    });
  });

  it("before a putMany of several statements is committed, nothing was executed, so it is retried", async () => {
    const length = coalesces ? 1_001 : 2; // by SQL, a thousand go in one statement
    const several = Array.from({ length }, (_, n) => anInstance({ id: `many::${n}`, status: "running" }));
    const lost = await lostDuring(kill, () => connected.storage().putMany(several));
    const [row] = await database.sql("SELECT count(*)::int AS n FROM workflow_instances WHERE status = 'running'");
    // Prisma doesn't say which of its statements has failed.
    if (lost instanceof Error) expect([lost, row]).toMatchObject([{ code: "OUTCOME_UNKNOWN" }, { n: 0 }]);
    else expect(row).toEqual({ n: length });
  });

  it("on every attempt, reads give up with the driver's error", async () => {
    proxy.shut();
    const impatient = connected.storage({ retry: { attempts: 3, minDelayMs: 1, maxDelayMs: 2 } });
    await expect(impatient.get("a")).rejects.toThrow("Connection terminated unexpectedly");
  });

  it("under load, over and over, every acknowledged write is there, and none is applied twice", async () => {
    const controller = new AbortController();
    const writing = runWriters(storage, connected.storage({ coalesceWrites: coalesces }), 12, controller.signal);
    for (let cut = 0; cut < 20; cut++) {
      await storage.put(anInstance({ id: "a" })).catch(() => {});
      if (cut % 2 === 0) proxy.cut();
      else await kill();
    }
    controller.abort();
    const tally = await writing;
    await storage.delete("a").catch(() => {});
    await storage.delete("b").catch(() => {});
    await database.sql("DELETE FROM workflow_instances WHERE id IN ('a', 'b')");
    expect(tally.acknowledged).toBeGreaterThan(20);
    expect(await audit(storage, tally)).toEqual({ lost: [], appliedTwice: 0, torn: [] });
  });
});
