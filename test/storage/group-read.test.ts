import type { InstanceStorage } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { afterEach, beforeEach, describe, expect, inject, it, vi } from "vitest";
import { prismaSql, straight } from "../../tools/ways.js";
import { startTcpProxy, type TcpProxy } from "../../tools/tcp-proxy.js";
import { preparePostgresDatabase } from "../database.js";
import { sqlOn, sqlWays } from "../sql-ways.js";
import { databaseOn } from "../storage-on.js";

const numbered = (count: number): string[] => Array.from({ length: count }, (_, n) => `order::${n}`);
const getAll = (storage: InstanceStorage, ids: readonly string[]): Promise<(string | null)[]> =>
  Promise.all(ids.map(async (id) => (await storage.get(id))?.id ?? null));

describe.each(sqlWays)("gets that are sent together, by $way,", ({ routeOn }) => {
  const { database, pool, route } = sqlOn(routeOn);
  const storage = route.create({ coalesceReads: true });
  const reads = (): number => pool.sent().filter(({ text }) => text.startsWith("SELECT")).length;
  beforeEach(async () => {
    await storage.putMany(numbered(300).map((id) => anInstance({ id })));
    pool.sent();
  });

  it("are a few statements, and each is answered with its own row, or with null", async () => {
    const ids = [...numbered(300), ...numbered(20), "missing::1", "missing::2"];
    expect(await getAll(storage, ids)).toEqual(ids.map((id) => (id.startsWith("missing") ? null : id)));
    expect(reads()).toBeLessThanOrEqual(6);
  });

  it("are one statement for a lone get, by the statement of one", async () => {
    expect(await getAll(storage, ["order::1"])).toEqual(["order::1"]);
    expect(pool.sent().map(({ text }) => text)).toEqual([expect.stringContaining("WHERE id = $1")]);
  });

  it("are unreadable by row: a corrupt one fails its own get, and no other", async () => {
    await database.sql(`UPDATE workflow_instances SET state = '{"active_steps": 7}' WHERE id = 'order::7'`);
    const settled = await Promise.allSettled(numbered(40).map((id) => storage.get(id)));
    expect(settled.flatMap(({ status }, n) => (status === "rejected" ? [n] : []))).toEqual([7]);
    expect(settled[7]).toMatchObject({ reason: { code: "CORRUPT_INSTANCE", id: "order::7" } });
  });

  it("are the reads of update too, which count exactly", async () => {
    const increment = (id: string) =>
      storage.update(id, (current) => ({ ...current, runtimeMetadata: { n: Number(current.runtimeMetadata.n ?? 0) + 1 } }));
    await Promise.all(numbered(60).map((id, n) => increment(n < 50 ? id : "order::0")));
    const found = await database.sql("SELECT id, (state->'runtime_metadata'->'n')::int AS n FROM workflow_instances WHERE id IN ('order::0', 'order::1') ORDER BY id"); // prettier-ignore
    expect(found).toEqual([
      { id: "order::0", n: 11 },
      { id: "order::1", n: 1 },
    ]);
  });

  it("are sent singly inside a transaction, whose rows they see", async () => {
    await route.inTransaction(
      async (within) => {
        await within.put(anInstance({ id: "inside" }));
        pool.sent();
        expect(await getAll(within, ["inside", "order::1", "order::2"])).toEqual(["inside", "order::1", "order::2"]);
        expect(reads()).toBe(3);
      },
      { coalesceReads: true },
    );
  });

  describe("while a statement is in flight", () => {
    let release: () => Promise<void>;
    // While the table is locked, what is in flight stays there.
    beforeEach(async () => {
      const holder = await database.pool.connect();
      await holder.query("BEGIN; LOCK TABLE workflow_instances");
      release = async () => {
        release = async () => {};
        await holder.query("COMMIT");
        holder.release();
      };
    });
    afterEach(() => release());
    const inFlight = (count: number): Promise<void> =>
      vi.waitFor(async () => {
        const waiting = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        expect(await database.sql(waiting)).toEqual([{ n: count }]);
      });

    it("join no statement that was already sent", async () => {
      const first = storage.get("order::1");
      await inFlight(1);
      const second = storage.get("order::1");
      await inFlight(2);
      await release();
      expect([(await first)?.id, (await second)?.id]).toEqual(["order::1", "order::1"]);
      expect(reads()).toBe(2);
    });

    it("end each at its own signal, and none for another's", async () => {
      const controller = new AbortController();
      const reason = new Error("the request is over");
      const ids = numbered(30);
      const gets = ids.map((id, n) => storage.get(id, n % 2 === 1 ? { signal: controller.signal } : {}));
      const settled = Promise.allSettled(gets);
      await inFlight(3);
      controller.abort(reason);
      for (const [n, get] of gets.entries()) if (n % 2 === 1) await expect(get).rejects.toBe(reason);
      await release();
      expect((await settled).map((one) => (one.status === "fulfilled" ? one.value?.id : null))).toEqual(ids.map((id, n) => (n % 2 === 1 ? null : id))); // prettier-ignore
    });

    it("end with TIMEOUT after timeoutMs, sent or not", async () => {
      const hasty = route.create({ coalesceReads: true, timeoutMs: 200, retry: false });
      for (const one of await Promise.allSettled(numbered(30).map((id) => hasty.get(id))))
        expect(one).toMatchObject({ status: "rejected", reason: { code: "TIMEOUT", timeoutMs: 200 } });
    });
  });
});

describe.each([prismaSql, straight])("a fault of gets that are sent together, through $way,", ({ unnamed, connect }) => {
  const database = databaseOn(preparePostgresDatabase);
  let proxy: TcpProxy;
  let connected: ReturnType<typeof connect>;
  let storage: InstanceStorage;
  const ids = numbered(60);
  beforeEach(async () => {
    await database.sql("DELETE FROM workflow_instances");
    await database.sql("INSERT INTO workflow_instances (id, workflow) SELECT 'order::' || n, 'Order' FROM generate_series(0, 59) n");
    proxy = await startTcpProxy(Number(new URL(inject("serverUrl")).port));
    const url = Object.assign(new URL(database.url), { port: String(proxy.port) }).href;
    connected = connect({ connectionString: url, max: 4 }, unnamed); // the proxy looks for the text of a statement
    storage = connected.storage({ coalesceReads: true, retry: { attempts: 2, minDelayMs: 1, maxDelayMs: 2 } });
  });
  afterEach(async () => {
    await connected.close();
    await proxy.close();
  });

  it("is retried for all of them, if the answer is lost", async () => {
    const lost = proxy.loseAnswer("ANY(");
    expect(await getAll(storage, ids)).toEqual(ids);
    await lost;
  });

  it("has each sent singly, if the database rejects the statement", async () => {
    proxy.failStatement("ANY(", { severity: "ERROR", code: "22000", message: "no" });
    expect(await getAll(storage, ids)).toEqual(ids);
  });

  it("is the error of each, and tried a few times, if the server is down", async () => {
    await proxy.close();
    const attempts = vi.spyOn(connected.pool, "connect");
    const settled = await Promise.allSettled(numbered(300).map((id) => storage.get(id)));
    for (const one of settled) expect(String(one.status === "rejected" && one.reason)).toMatch(/ECONNREFUSED|Can't reach database server/);
    expect(attempts.mock.calls.length).toBeGreaterThanOrEqual(2);
    expect(attempts.mock.calls.length).toBeLessThanOrEqual(16);
  });
});
