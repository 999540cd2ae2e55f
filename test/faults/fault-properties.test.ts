import fc from "fast-check";
import type { InstanceStorage } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { type ServerError, startTcpProxy, type TcpProxy } from "../../tools/tcp-proxy.js";
import { type Connected, ways } from "../../tools/ways.js";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";

const ERRORS = 100;
const RUNS = 20;

/** Errors of a server: codes that mean something here, and any other; texts in any language. */
const serverErrors: fc.Arbitrary<ServerError> = fc.record(
  {
    severity: fc.constantFrom("ERROR", "FATAL"),
    code: fc.oneof(
      fc.constantFrom(...["08000", "08006", "08P01", "0A000", "23505", "23514", "25006", "25P02", "26000", "40001", "40P01", "42P05"]),
      fc.constantFrom(...["42P01", "42703", "53300", "55P03", "57014", "57P01", "57P03", "58030", "XX000"]),
      fc.stringMatching(/^[0-9A-Z]{5}$/),
    ),
    message: fc.oneof(
      fc.constantFrom("database removed", "cached plan must not change result type", "server closed the connection unexpectedly"),
      fc.constantFrom("terminating connection due to administrator command", "connect ECONNREFUSED", "read ECONNRESET"),
      fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\0", "")),
    ),
    routine: fc.constantFrom("exec_simple_query", "RevalidateCachedQuery", "ProcessInterrupts"),
  },
  { requiredKeys: ["severity", "code", "message"] },
);

interface Call {
  readonly name: string;
  readonly statement: string;
  readonly make: (storage: InstanceStorage) => Promise<unknown>;
  /** The rows afterwards, if it was executed. Before, there is one row "a" of the status "pending". */
  readonly after: readonly string[];
}

const calls: readonly Call[] = [
  { name: "get", statement: "SELECT", make: (storage) => storage.get("a"), after: ["a pending"] },
  { name: "list", statement: "SELECT", make: (storage) => storage.list(), after: ["a pending"] },
  { name: "put", statement: "INSERT", make: (storage) => storage.put(anInstance({ id: "a", status: "failed" })), after: ["a failed"] },
  { name: "insert", statement: "INSERT", make: (storage) => storage.insert(anInstance({ id: "b" })), after: ["a pending", "b waiting"] },
  { name: "update", statement: "UPDATE", make: (storage) => storage.update("a", (i) => ({ ...i, status: "failed" })), after: ["a failed"] },
  { name: "delete", statement: "DELETE", make: (storage) => storage.delete("a"), after: [] },
];

describe.each(ways)("through $way", ({ coalesces, unnamed, connect }) => {
  let database: PostgresDatabase;
  let proxy: TcpProxy;
  let connected: Connected;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    proxy = await startTcpProxy(Number(new URL(inject("serverUrl")).port));
    const url = Object.assign(new URL(database.url), { port: String(proxy.port) }).href;
    connected = connect({ connectionString: url, max: 2 }, unnamed); // the proxy looks for the text of a statement
  });
  beforeEach(() => database.sql("DELETE FROM workflow_instances"));
  afterAll(async () => {
    await connected.close();
    await proxy.close();
    await database.close();
  });

  const rows = async (): Promise<string[]> =>
    (await database.sql("SELECT id || ' ' || status AS row FROM workflow_instances ORDER BY id")).map(({ row }) => String(row));

  it(`after any error of the server, a call has either succeeded, and is executed once, or failed, and isn't (${ERRORS} runs)`, async () => {
    const storage = connected.storage({ retry: { attempts: 3, minDelayMs: 1, maxDelayMs: 2 } });
    const drawn = fc.record({ call: fc.constantFrom(...calls), error: serverErrors });
    const property = fc.asyncProperty(drawn, async ({ call: { name, statement, make, after }, error }) => {
      await database.sql("DELETE FROM workflow_instances");
      await database.sql("INSERT INTO workflow_instances (id, workflow) VALUES ('a', 'Order')");
      proxy.failStatement(statement, error);
      const failure: unknown = await make(storage).then(
        () => undefined,
        (reason: unknown) => reason ?? new Error("rejected with nothing"),
      );
      expect(await rows()).toEqual(failure === undefined ? after : ["a pending"]);
      const isRead = name === "get" || name === "list";
      if (isRead) expect(failure).not.toMatchObject({ code: "OUTCOME_UNKNOWN" });
    });
    await fc.assert(property, { numRuns: ERRORS });
  });

  it(`at whatever point of a call its time is over, TIMEOUT says that it is never executed (${RUNS} runs)`, async () => {
    const busy = fc.record({ lockedMs: fc.nat(60), calls: fc.array(fc.tuple(fc.constantFrom("put", "insert", "delete", "putMany", "update"), fc.integer({ min: 1, max: 80 })), { minLength: 1, maxLength: 8 }) }); // prettier-ignore
    const met = new Set<string>();
    const property = fc.asyncProperty(busy, async ({ lockedMs, calls: drawn }) => {
      await database.sql("DELETE FROM workflow_instances");
      const insert = "INSERT INTO workflow_instances (id, workflow) SELECT 'row::' || n, 'Order' FROM generate_series(0, 7) n";
      await database.sql(insert);
      const holder = await database.pool.connect();
      await holder.query("BEGIN; LOCK TABLE workflow_instances IN ACCESS EXCLUSIVE MODE");
      const settled = drawn.map(async ([call, timeoutMs], n) => {
        const storage = connected.storage({ timeoutMs, retry: { attempts: 2, minDelayMs: 5, maxDelayMs: 10 } });
        const id = call === "insert" || call === "putMany" ? `new::${n}` : `row::${n}`;
        const next = anInstance({ id, status: "failed" });
        const made = {
          put: () => storage.put(next),
          insert: () => storage.insert(next),
          delete: () => storage.delete(id),
          putMany: () => storage.putMany([next, anInstance({ id: `${id}::other`, status: "failed" })]),
          update: () => storage.update(id, (current) => ({ ...current, status: "failed" })),
        }[call as "put"];
        const outcome = await made().then(
          () => "done",
          (error: { code?: unknown }) => String(error.code),
        );
        return { id, call, outcome };
      });
      await new Promise((resolve) => setTimeout(resolve, lockedMs));
      await holder.query("COMMIT");
      holder.release();
      const outcomes = await Promise.all(settled);
      await isQuiet(connected);
      const stored = new Set(await rows());
      for (const { id, call, outcome } of outcomes) {
        met.add(outcome);
        expect(["done", "TIMEOUT", "OUTCOME_UNKNOWN"]).toContain(outcome);
        const executed = call === "delete" ? !stored.has(`${id} pending`) : stored.has(`${id} failed`);
        if (outcome !== "OUTCOME_UNKNOWN") expect({ call, outcome, executed }).toEqual({ call, outcome, executed: outcome === "done" });
        if (call === "putMany") expect(stored.has(`${id}::other failed`)).toBe(executed);
      }
    });
    await fc.assert(property, { numRuns: RUNS });
    expect(met).toContain("OUTCOME_UNKNOWN");
  });

  /** Waits until nothing of the storages' is under way any more: what was sent is executed, and what wasn't would be by now. */
  async function isQuiet({ pool }: Connected): Promise<void> {
    const active = `SELECT count(*)::int AS n FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'storage' AND state <> 'idle'`;
    for (let quiet = 0; quiet < 3;) {
      const [row] = await database.sql(active);
      quiet = pool.waitingCount === 0 && pool.idleCount === pool.totalCount && row?.n === 0 ? quiet + 1 : 0;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  if (coalesces)
    it(`each of the puts that are sent together is stored or rejected by its own row (${RUNS} runs)`, async () => {
      await database.sql("ALTER TABLE workflow_instances ADD CONSTRAINT no_bad CHECK (workflow <> 'bad')");
      const storage = connected.storage({ coalesceWrites: true });
      const puts = fc.array(fc.record({ id: fc.constantFrom("a", "b", "c", "d", "e", "f"), isBad: fc.boolean() }), { maxLength: 40 });
      const property = fc.asyncProperty(puts, async (drawn) => {
        await database.sql("DELETE FROM workflow_instances");
        const settled = await Promise.allSettled(
          drawn.map(({ id, isBad }, n) => storage.put(anInstance({ id, workflow: isBad ? "bad" : "good", runtimeMetadata: { n } }))),
        );
        expect(settled.map(({ status }) => status === "rejected")).toEqual(drawn.map(({ isBad }) => isBad));
        const last = new Map(drawn.flatMap(({ id, isBad }, n): [string, number][] => (isBad ? [] : [[id, n]])));
        const stored = await database.sql("SELECT id, (state->'runtime_metadata'->'n')::int AS n FROM workflow_instances");
        expect(new Map(stored.map(({ id, n }) => [id, n]))).toEqual(last);
      });
      await fc.assert(property, { numRuns: RUNS });
      await database.sql("ALTER TABLE workflow_instances DROP CONSTRAINT no_bad");
    });
});
