import { anInstance } from "hephaestus-prisma/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type PgBouncer, startPgBouncer } from "../../tools/pgbouncer.js";
import { audit, runWriters } from "../../tools/writers.js";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { straight, ways } from "../../tools/ways.js";

// Debian's PgBouncer 1.18. From 1.21 on, it keeps prepared statements apart itself.
describe("behind PgBouncer in transaction mode", () => {
  let database: PostgresDatabase;
  let bouncer: PgBouncer;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    bouncer = await startPgBouncer(database.url);
  });
  beforeEach(() => database.sql("DELETE FROM workflow_instances"));
  afterAll(async () => {
    await bouncer.stop();
    await database.close();
  });

  it.each(ways)("everything works by $way, from many connections at once", async ({ coalesces, connect, unnamed }) => {
    const connected = connect({ connectionString: bouncer.url, max: 30 }, unnamed);
    const storage = connected.storage();
    const coalescing = connected.storage({ coalesceWrites: coalesces });
    const controller = new AbortController();
    const writing = runWriters(storage, coalescing, 40, controller.signal);
    for (let round = 0; round < 20; round++) {
      await storage.putMany([anInstance({ id: `a${round}` }), anInstance({ id: `b${round}`, runtimeMetadata: { round } })]);
      expect((await storage.get(`b${round}`))?.runtimeMetadata).toEqual({ round });
      await connected.inTransaction(async (within) => {
        await within.update(`a${round}`, (current) => ({ ...current, status: "completed" }));
        await within.delete(`b${round}`);
      });
    }
    while ((await storage.count()) < 40); // each of the writers has rows of its own
    controller.abort();
    const tally = await writing;
    expect(await storage.query({ status: "completed" })).toHaveLength(20);
    for (const { id } of await storage.query({ workflow: "Order.V2" })) await storage.delete(id);
    expect(tally.acknowledged).toBeGreaterThan(40);
    expect(await audit(storage, tally)).toEqual({ lost: [], appliedTwice: 0, torn: [] });
    await connected.close();
  });

  it("a name that another client has prepared, or this one has prepared elsewhere, executes nothing: calls are retried, then fail", async () => {
    const connected = [1, 2].map(() => straight.connect({ connectionString: bouncer.url, max: 1 }));
    const [codes, retries] = [new Set<unknown>(), new Set<number>()];
    for (let round = 0; round < 10 || codes.size === 0; round++) {
      for (const one of connected) {
        const storage = one.storage({ retry: { attempts: 2, minDelayMs: 1 }, onOperation: (operation) => retries.add(operation.retries) });
        await storage.put(anInstance()).catch((error: unknown) => codes.add((error as { code: unknown }).code));
      }
    }
    expect(["42P05", "26000"]).toEqual(expect.arrayContaining([...codes]));
    expect(retries).toContain(1);
    await Promise.all(connected.map((one) => one.close()));
  });
});
