import type { InstanceStorage } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startTcpProxy, type TcpProxy } from "../../tools/tcp-proxy.js";
import { preparePostgresDatabase, type TestDatabase } from "../database.js";
import { RecordingPool } from "../recording-pool.js";
import { databaseOn } from "../storage-on.js";
import { type SqlRoute, sqlOn, sqlWays } from "../sql-ways.js";

const numbered = (count: number): string[] => Array.from({ length: count }, (_, n) => `order::${n}`);
const putAll = (storage: InstanceStorage, ids: readonly string[]): Promise<PromiseSettledResult<void>[]> =>
  Promise.allSettled(ids.map((id) => storage.put(anInstance({ id }))));
const reasonsOf = (settled: readonly PromiseSettledResult<void>[]): unknown[] =>
  settled.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
const storedIds = async (database: TestDatabase): Promise<unknown[]> =>
  (await database.sql("SELECT id FROM workflow_instances")).map(({ id }) => id);

describe.each(sqlWays)("a fault of a group of puts, by $way,", ({ routeOn }) => {
  const database = databaseOn(preparePostgresDatabase);
  const retry = { attempts: 2, minDelayMs: 1, maxDelayMs: 2 };
  let proxy: TcpProxy;
  let pool: RecordingPool;
  let route: SqlRoute;
  let storage: InstanceStorage;
  const connect = (options?: string): void => {
    pool = new RecordingPool({
      host: "127.0.0.1",
      port: proxy.port,
      ...identityOf(database.url),
      ...(options !== undefined && { options }),
    });
    route = routeOn(pool);
    storage = route.create({ coalesceWrites: true, retry });
  };
  beforeEach(async () => {
    await database.sql("DELETE FROM workflow_instances");
    proxy = await startTcpProxy(Number(new URL(database.url).port));
    connect();
  });
  afterEach(async () => {
    await route.close();
    await pool.end();
    await proxy.close();
  });

  it("is not multiplied if the server is down: 300 puts try to connect a few times, not 300", async () => {
    await proxy.close();
    const attempts = vi.spyOn(pool, "connect");
    const reasons = reasonsOf(await putAll(storage, numbered(300)));
    expect(reasons).toHaveLength(300);
    for (const reason of reasons) expect(String(reason)).toMatch(/ECONNREFUSED|Can't reach database server/);
    expect(attempts.mock.calls.length).toBeGreaterThanOrEqual(4);
    expect(attempts.mock.calls.length).toBeLessThanOrEqual(16);
  });

  it("is not multiplied if the server takes no writes: 300 puts are a few statements, twice each", async () => {
    await route.close();
    await pool.end();
    connect("-c default_transaction_read_only=on");
    const reasons = reasonsOf(await putAll(storage, numbered(300)));
    expect(reasons).toHaveLength(300);
    for (const reason of reasons) expect(reason).toMatchObject({ code: "READ_ONLY" });
    const inserts = pool.sent().filter(({ text }) => text.startsWith("INSERT"));
    expect(inserts.length % 2).toBe(0);
    expect(inserts.length).toBeLessThanOrEqual(16);
    expect(await storedIds(database)).toEqual([]);
  });

  it("is OUTCOME_UNKNOWN for each of its puts, with the one's own id, and for no others; nothing is written twice", async () => {
    await database.sql(`
      CREATE TABLE written (id text);
      CREATE FUNCTION log() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO written VALUES (NEW.id); RETURN NEW; END $$;
      CREATE TRIGGER log BEFORE INSERT ON workflow_instances FOR EACH ROW EXECUTE FUNCTION log()`);
    const lost = proxy.loseAnswer("order::150");
    const settled = await putAll(storage, numbered(300));
    await lost;
    const unknown = settled.flatMap((one, n) => (one.status === "rejected" ? [{ id: `order::${n}`, reason: one.reason as unknown }] : []));
    expect(unknown.map(({ id }) => id)).toContain("order::150");
    expect(unknown.length).toBeGreaterThan(1);
    expect(unknown.length).toBeLessThanOrEqual(200);
    for (const { id, reason } of unknown) {
      expect(reason).toMatchObject({ code: "OUTCOME_UNKNOWN", id, ids: [id] });
      expect(reason).toHaveProperty("cause");
    }
    expect((await storedIds(database)).sort()).toEqual(numbered(300).sort()); // the answer was lost, not the write
    expect(await database.sql("SELECT count(*)::int AS n FROM written")).toEqual([{ n: 300 }]);
  });
});

describe.each(sqlWays)("the wait of a put for others, by $way,", ({ routeOn }) => {
  const { database, pool, route } = sqlOn(routeOn);
  const storage = route.create({ coalesceWrites: true });
  let release: () => Promise<void>;
  // While the table is locked, what is in flight stays there.
  beforeEach(async () => {
    const holder = await database.pool.connect();
    await holder.query("BEGIN");
    await holder.query("LOCK TABLE workflow_instances IN EXCLUSIVE MODE");
    release = async () => {
      release = async () => {};
      await holder.query("COMMIT");
      holder.release();
    };
  });
  afterEach(() => release());

  const isInFlight = (): Promise<void> =>
    vi.waitFor(async () => {
      const waiting = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
      expect(await database.sql(waiting)).not.toEqual([{ n: 0 }]);
    });
  const put = (id: string, n: number, options?: { readonly signal: AbortSignal }, by = storage): Promise<void> =>
    by.put(anInstance({ id, runtimeMetadata: { n } }), options);
  const stored = (): Promise<unknown[]> =>
    database.sql("SELECT id, (state->'runtime_metadata'->'n')::int AS n FROM workflow_instances ORDER BY id");

  it.each(["of its id", "of any id"])(
    "ends at its signal with the reason, and the put is never sent, while others %s are in flight",
    async (whose) => {
      const controller = new AbortController();
      const reason = new Error("shutting down");
      const others = whose === "of its id" ? [put("late", 1)] : numbered(40).map((id) => put(id, 1));
      const waiting = put("late", 2, { signal: controller.signal });
      await isInFlight();
      controller.abort(reason);
      await expect(waiting).rejects.toBe(reason);
      await release();
      await Promise.all(others);
      expect(await stored()).toHaveLength(others.length);
      expect(await stored()).not.toContainEqual({ id: "late", n: 2 });
      const sent = pool.sent().flatMap(({ values }) => values);
      expect(sent.filter((value) => value === "late")).toHaveLength(whose === "of its id" ? 1 : 0);
    },
  );

  it("is over once the put is in flight: then its signal ends it with OUTCOME_UNKNOWN, and no other of its group", async () => {
    const controller = new AbortController();
    const reason = new Error("shutting down");
    const busy = put("busy", 1);
    const [ended, other] = [put("ended", 1, { signal: controller.signal }), put("other", 1)];
    await vi.waitFor(() => expect(pool.sent().some(({ values }) => values.includes("ended") || values.includes("other"))).toBe(true));
    await isInFlight();
    controller.abort(reason);
    await expect(ended).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN", id: "ended", ids: ["ended"], cause: reason });
    const next = put("ended", 2); // waits for the one in flight, and comes after it
    await release();
    await Promise.all([busy, other, next]);
    expect(await stored()).toEqual([
      { id: "busy", n: 1 },
      { id: "ended", n: 2 },
      { id: "other", n: 1 },
    ]);
  });

  it("counts for timeoutMs: a put that was not sent by then fails with TIMEOUT, one in flight with OUTCOME_UNKNOWN", async () => {
    const hasty = route.create({ coalesceWrites: true, timeoutMs: 400, retry: false });
    const settled = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => put("a", n, undefined, hasty)));
    await release();
    expect(settled[0]).toMatchObject({ reason: { code: "OUTCOME_UNKNOWN", ids: ["a"], cause: { code: "TIMEOUT" } } });
    const codes = reasonsOf(settled).map((reason) => Reflect.get(Object(reason) as object, "code") as unknown);
    // When the one in flight is given up, one whose time isn't quite over may be sent.
    const sent = codes.flatMap((code, n) => (code === "OUTCOME_UNKNOWN" ? [n] : []));
    expect(codes.filter((code) => code === "TIMEOUT")).toHaveLength(20 - sent.length);
    expect(sent.length).toBeLessThan(5);
    await vi.waitFor(async () => expect(await stored()).toHaveLength(1));
    expect(pool.sent().filter(({ values }) => values.includes("a"))).toHaveLength(sent.length);
    const [row] = await stored();
    expect(sent).toContain(Reflect.get(Object(row) as object, "n"));
  });

  it("rejects a put whose signal is aborted already with the reason, and sends nothing", async () => {
    const reason = new Error("shutting down");
    pool.sent();
    await expect(put("a", 1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(pool.sent()).toEqual([]);
  });
});

function identityOf(url: string): { user: string; password: string; database: string } {
  const { username, password, pathname } = new URL(url);
  return { user: username, password, database: pathname.slice(1) };
}
