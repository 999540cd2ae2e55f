import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Connected, connect } from "../../examples/pg-boss/connect.js";
import type { CallService } from "../../examples/pg-boss/order.js";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { runExample } from "./run-example.js";

const ORDERS = `SELECT id, status, state->>'current_step' AS step,
  (SELECT string_agg(entry->>'event', ', ') FROM jsonb_array_elements(state->'execution_history') AS entry) AS events
  FROM workflow_instances ORDER BY id`;

describe("orders that pg-boss runs", { timeout: 120_000 }, () => {
  let database: PostgresDatabase;
  const workers: Connected[] = [];
  const calls: string[] = [];
  let failures = 0;
  const call: CallService = (action, key) => {
    calls.push(key);
    return failures-- > 0 ? Promise.reject(new Error("the service is down")) : Promise.resolve(`${action}-receipt`);
  };
  beforeAll(async () => {
    database = await createPostgresDatabase();
    for (let n = 0; n < 3; n++) workers.push(await connect(database.url));
  });
  afterAll(async () => {
    await Promise.all(workers.map(({ close }) => close()));
    await database.close();
  });

  const first = (): Connected => workers[0] ?? expect.fail("there is no worker");
  const place = (id: string): Promise<void> => first().prisma.$transaction((tx) => first().engine.place(tx, id));
  const jobs = async (): Promise<unknown> => await database.sql("SELECT data->>'id' AS id, data->>'step' AS step FROM pgboss.job");
  const becomes = (expected: unknown): Promise<void> =>
    expect.poll(() => database.sql(ORDERS), { timeout: 60_000, interval: 100 }).toEqual(expected);

  it("continue in other workers after SIGKILL, as their README shows, in a demo that leaves DATABASE_URL alone", async () => {
    const [given, other] = [await createPostgresDatabase(), await createPostgresDatabase()];
    const output = await runExample("demo.ts", { DEMO_DATABASE_URL: given.url, DATABASE_URL: other.url });
    expect(output).toMatch(/^In the database of DEMO_DATABASE_URL\.\n[^]* is completed:\n {2}reserve: reserved, /);
    expect(output).toMatch(
      /committed together\.\nAda calls reserve under the key (\S+)\nAda is killed with SIGKILL[^]*(Grace|Edsger) calls reserve under the key \1\n[^]*waits for its payment[^]* is completed:/,
    );
    // Of the payment and the step after it, either can be reported first.
    expect(output).toContain("\nIt is paid: true. Paid again by mistake: false.\n");
    expect(output).toMatch(/waits for its payment[^]*\n(Grace|Edsger) calls ship [^]* is completed:/);
    expect(output.trimEnd()).toMatch(/\nNext: [^]*README\.md, "Install"/);
    expect(await given.sql("SELECT workflow, status FROM workflow_instances")).toEqual([
      { workflow: "QueuedOrder.V1", status: "completed" },
    ]);
    expect(await other.sql("SELECT id FROM workflow_instances")).toEqual([]);
    expect(await other.sql("SELECT nspname FROM pg_namespace WHERE nspname = 'pgboss'")).toEqual([]);
    await given.close();
    await other.close();
  });

  it("are stored together with their job, or not at all", async () => {
    const placed = first().prisma.$transaction(async (tx) => {
      await first().engine.place(tx, "1");
      throw new Error("the card was declined");
    });
    await expect(placed).rejects.toThrow("declined");
    expect([await database.sql(ORDERS), await jobs()]).toEqual([[], []]);
    await place("1");
    expect([await database.sql(ORDERS), await jobs()]).toEqual([
      [{ id: "1", status: "running", step: "reserve", events: null }],
      [{ id: "1", step: "reserve" }],
    ]);
  });

  it("run each step once in several workers, and again under the same key if a service is down", async () => {
    failures = 1;
    for (const { engine, queue } of workers) await queue.work((job) => engine.run(job, call));
    for (const id of ["2", "3", "4"]) await place(id);
    const waiting = { status: "waiting", step: "cancel", events: "reserved" };
    await becomes(["1", "2", "3", "4"].map((id) => ({ id, ...waiting })));
    const keys = ["1/reserve", "2/reserve", "3/reserve", "4/reserve"];
    expect([...new Set(calls)].sort()).toEqual(keys);
    expect(calls).toHaveLength(keys.length + 1);
  });

  it("are shipped once they are paid, and cancelled when the timer of their payment ends", async () => {
    expect(await first().engine.pay("1")).toBe(true);
    expect(await first().engine.pay("1")).toBe(false);
    await database.sql("UPDATE pgboss.job SET start_after = now() WHERE data->>'step' = 'cancel' AND data->>'id' IN ('1', '2')");
    const waiting = { status: "waiting", step: "cancel", events: "reserved" };
    await becomes([
      { id: "1", status: "completed", step: null, events: "reserved, shipped" },
      { id: "2", status: "failed", step: null, events: "reserved, cancelled" },
      { id: "3", ...waiting },
      { id: "4", ...waiting },
    ]);
    expect(calls.filter((key) => key.startsWith("1/"))).not.toContain("1/cancel"); // the timer found the order moved on
  });
});
