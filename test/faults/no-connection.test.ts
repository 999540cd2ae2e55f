import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Instance, InstanceStorage } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import type pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { freePort } from "../../tools/free-port.js";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { straight, ways } from "../../tools/ways.js";

const few = { retry: { attempts: 3, minDelayMs: 1, maxDelayMs: 2 } };

/** What a putMany sends in several statements: by SQL, a thousand instances go in one. */
const severalBy = (coalesces: boolean): Instance[] =>
  Array.from({ length: coalesces ? 1_001 : 2 }, (_, n) => anInstance({ id: `many::${n}` }));

type Call = readonly [string, (storage: InstanceStorage) => Promise<unknown>];

const callsWith = (several: Instance[]): readonly Call[] => [
  ["get", (storage) => storage.get("a")],
  ["put", (storage) => storage.put(anInstance({ id: "a" }))],
  ["insert", (storage) => storage.insert(anInstance({ id: "a" }))],
  ["putMany", (storage) => storage.putMany(several)],
  ["delete", (storage) => storage.delete("a")],
];

/** Starts a server that isn't PostgreSQL's. */
async function startServer(greet: (socket: Socket) => void): Promise<{ url: string; server: Server }> {
  const server = createServer((socket) => {
    socket.on("error", () => {}).resume(); // reads, so that it notices the end
    greet(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `postgresql://postgres:postgres@127.0.0.1:${(server.address() as AddressInfo).port}/none`, server };
}

describe.each(ways)("if $way finds no server", ({ way, coalesces, connect }) => {
  const calls = callsWith(severalBy(coalesces));

  /** Runs a call that fails, and returns its error and how often it was retried. */
  async function failing(
    config: pg.PoolConfig,
    call: (storage: InstanceStorage) => Promise<unknown>,
  ): Promise<[error: Error, retries: number]> {
    const connected = connect(config);
    let retries = 0;
    const storage = connected.storage({ ...few, onOperation: (operation) => (retries = operation.retries) });
    const error = await call(storage).catch((thrown: unknown) => thrown);
    await connected.close();
    return [error as Error, retries];
  }
  const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

  it.each(calls)("a %s is retried and fails with the driver's error: it can't have been executed", async (_, call) => {
    const connectionString = `postgresql://postgres:postgres@127.0.0.1:${await freePort()}/none`;
    const [error, retries] = await failing({ connectionString }, call);
    expect(["ECONNREFUSED", "P1001", "P2010", "P2028"]).toContain(codeOf(error));
    expect(retries).toBe(2);
  });

  it.each(calls)("a %s is retried if the connection is closed before it is ready", async (name, call) => {
    const { url, server } = await startServer((socket) => socket.destroy());
    const [error, retries] = await failing({ connectionString: url }, call);
    // Prisma's error doesn't say that there was no connection yet.
    const isUnknown = way !== straight.way && name !== "get" && !(name === "putMany" && retries === 2);
    expect([codeOf(error) === "OUTCOME_UNKNOWN", retries]).toEqual([isUnknown, isUnknown ? 0 : 2]);
    server.close();
  });

  it.each(calls)("a %s is retried if the server doesn't respond in time", async (_, call) => {
    const { url, server } = await startServer(() => {});
    const [error, retries] = await failing({ connectionString: url, connectionTimeoutMillis: 20 }, call);
    expect(error.message).toContain("Connection terminated due to connection timeout");
    expect(retries).toBe(2);
    server.close();
  });

  it.each(calls)("a %s is retried if the server's Unix socket is gone", async (_, call) => {
    const [error, retries] = await failing({ host: "/nonexistent", user: "postgres", database: "none" }, call);
    expect(error.message).toMatch(/connect ENOENT/);
    expect(retries).toBe(2);
  });
});

describe.each(ways)("if the connections of $way are in use", ({ way, coalesces, connect }) => {
  const several = severalBy(coalesces);
  let database: PostgresDatabase;
  beforeAll(async () => {
    database = await createPostgresDatabase();
  });
  beforeEach(() => database.sql("DELETE FROM workflow_instances"));
  afterAll(() => database.close());

  it("calls that find none free in time are retried, inserts too", async () => {
    const connected = connect({ connectionString: database.url, max: 1 });
    await connected.pool.query("SELECT"); // opening a connection can be slow on a busy machine
    connected.pool.options.connectionTimeoutMillis = 50;
    const busy = connected.pool.query("SELECT pg_sleep(0.6)");
    await expect(connected.storage({ retry: false }).get("a")).rejects.toThrow("timeout exceeded when trying to connect");
    const patient = connected.storage({ retry: { attempts: 1_000, maxDelayMs: 100 } });
    await Promise.all([patient.insert(anInstance({ id: "a" })), patient.putMany(several)]);
    await busy;
    expect(await database.sql("SELECT count(*)::int AS n FROM workflow_instances")).toEqual([{ n: several.length + 1 }]);
    await connected.close();
  });

  const late: Call[] = [
    ["put", (storage) => storage.put(anInstance({ id: "a", currentStep: "late" }))],
    ["coalesced put", (storage) => storage.put(anInstance({ id: "a", currentStep: "late" }))],
    ["putMany", (storage) => storage.putMany([anInstance({ id: "a", currentStep: "late" }), ...several])],
    ["delete", (storage) => storage.delete("a")],
    ["insert", (storage) => storage.insert(anInstance({ id: "new" }))],
    ["prune", (storage) => storage.prune({ status: "waiting" }, { includeActive: true })],
  ];

  it.each(late)("a %s that was not sent within timeoutMs is a TIMEOUT, and never sent", async (name, call) => {
    if (way !== straight.way) return expectUnknown(call);
    const connected = connect({ connectionString: database.url, max: 1 });
    const storage = connected.storage({ timeoutMs: 100, coalesceWrites: name === "coalesced put" && coalesces });
    await connected.storage().put(anInstance({ id: "a" }));
    const lent = await connected.pool.connect();
    await expect(call(storage)).rejects.toMatchObject({ code: "TIMEOUT", timeoutMs: 100 });
    lent.release();
    await connected.storage().update("a", (current) => ({ ...current, status: "running" })); // through the same connection, behind it
    const rows = await database.sql("SELECT id, status, state->>'current_step' AS step FROM workflow_instances");
    expect(rows).toEqual([{ id: "a", status: "running", step: "payment" }]);
    expect(connected.pool.idleCount).toBe(1);
    await connected.close();
  });

  /** Prisma doesn't say whether it has sent a statement: that the outcome is unknown is all that can be known. */
  async function expectUnknown(call: (storage: InstanceStorage) => Promise<unknown>): Promise<void> {
    const connected = connect({ connectionString: database.url, max: 1 });
    await connected.pool.query("SELECT");
    const lent = await connected.pool.connect();
    await expect(call(connected.storage({ timeoutMs: 100 }))).rejects.toMatchObject({ code: /^(OUTCOME_UNKNOWN|TIMEOUT)$/ });
    lent.release();
    await connected.close();
  }

  it("a client that comes too late goes back unused, and the next call gets it", async () => {
    const connected = connect({ connectionString: database.url, max: 1 });
    await connected.pool.query("SELECT");
    const lent = await connected.pool.connect();
    const controller = new AbortController();
    const reason = new Error("shutting down");
    const call = connected.storage().get("a", { signal: controller.signal });
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    lent.release();
    expect(await connected.storage().get("a")).toBeNull();
    expect([connected.pool.idleCount, connected.pool.waitingCount]).toEqual([1, 0]);
    await connected.close();
  });

  it.each(coalesces && way === straight.way ? [1, 2] : [])(
    "of %i coalesced puts and as many gets that have no connection yet, none is sent once their signals are aborted",
    async (count) => {
      const connected = connect({ connectionString: database.url, max: 1 });
      const storage = connected.storage({ coalesceWrites: true, coalesceReads: true });
      await connected.storage().put(anInstance({ id: "a" }));
      const lent = await connected.pool.connect();
      const controllers = Array.from({ length: count }, () => new AbortController());
      const calls = controllers.flatMap(({ signal }, n) => [
        storage.put(anInstance({ id: n === 0 ? "a" : `a${n}`, status: "failed" }), { signal }),
        storage.get("a", { signal }),
      ]);
      const settled = Promise.allSettled(calls);
      await new Promise((resolve) => setImmediate(resolve)); // the groups wait for a connection
      const reason = new Error("shutting down");
      for (const controller of controllers) controller.abort(reason);
      expect(await settled).toEqual(calls.map(() => ({ status: "rejected", reason })));
      lent.release();
      await connected.storage().update("a", (current) => current); // through the same connection, behind them
      expect(await database.sql("SELECT id, status FROM workflow_instances")).toEqual([{ id: "a", status: "waiting" }]);
      await connected.close();
    },
  );

  it("a process that was busy longer than timeoutMs takes the result that is in the socket", async () => {
    const timeoutMs = 1_000;
    const connected = connect({ connectionString: database.url, max: 2 });
    await connected.storage().put(anInstance({ id: "a" }));
    await Promise.all([connected.pool.query("SELECT pg_sleep(0.01)"), connected.pool.query("SELECT")]); // opens both connections
    const holder = await database.pool.connect();
    await holder.query("BEGIN; LOCK TABLE workflow_instances IN ACCESS EXCLUSIVE MODE");
    const storage = connected.storage({ timeoutMs });
    const answers = Promise.all([storage.put(anInstance({ id: "a", status: "failed" })), storage.get("a")]);
    const waiting = `SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'storage' AND wait_event_type = 'Lock'`;
    while ((await database.sql(waiting)).length < 2);
    const committed = holder.query("COMMIT"); // sends it at once
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, timeoutMs); // busy, and the server answers meanwhile
    await answers;
    await committed;
    holder.release();
    await connected.close();
  });
});

describe("a deadlock", () => {
  it.each(ways)("of $way, the victim is retried", async ({ connect }) => {
    const database = await createPostgresDatabase();
    const connected = connect({ connectionString: database.url });
    const storage = connected.storage();
    await storage.putMany([anInstance({ id: "a" }), anInstance({ id: "b" })]);
    const other = await database.pool.connect();
    await other.query("SET deadlock_timeout = '60s'"); // so that PostgreSQL picks the storage's statement
    await other.query("BEGIN");
    await other.query("UPDATE workflow_instances SET status = 'running' WHERE id = 'b'");
    const put = storage.putMany([anInstance({ id: "a", status: "failed" }), anInstance({ id: "b", status: "failed" })]);
    const blocked = `SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'storage' AND wait_event_type = 'Lock'`;
    while ((await database.sql(blocked)).length === 0);
    await other.query("UPDATE workflow_instances SET status = 'running' WHERE id = 'a'");
    await other.query("COMMIT");
    other.release();
    await put;
    expect(await database.sql("SELECT DISTINCT status FROM workflow_instances")).toEqual([{ status: "failed" }]);
    await connected.close();
    await database.close();
  });
});
