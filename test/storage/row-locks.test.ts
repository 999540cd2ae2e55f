import { inspect } from "node:util";
import type { QueryOptions } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { describe, expect, it } from "vitest";
import type { TestDatabase } from "../database.js";
import { plannedOf } from "../plans.js";
import { sqlOn, sqlWays } from "../sql-ways.js";

const idsOf = (found: readonly { readonly id: string }[]): string[] => found.map(({ id }) => id);
const waiting = (count: number) => Array.from({ length: count }, (_, n) => anInstance({ id: `order::${String(n).padStart(3, "0")}` }));

/** Waits until a statement of somebody waits for a lock. */
async function untilSomebodyWaits(database: TestDatabase): Promise<void> {
  const text = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
  while ((await database.sql(text)).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

const filters = [{ status: "waiting" }, { status: "waiting", stateContains: { current_step: "payment" } }] as const;

describe.each(sqlWays)("forUpdate by $way", ({ routeOn }) => {
  const { database, pool, route } = sqlOn(routeOn);
  const locking = (options: QueryOptions, filter: (typeof filters)[number] = filters[0]): Promise<string[]> =>
    route.inTransaction(async (within) => idsOf(await within.query(filter, options)));

  it.each(filters)("two pollers in parallel take disjoint pages of %j, and all of it", async (filter) => {
    await route.create().putMany(waiting(60));
    const poll = async (): Promise<string[]> => {
      const taken: string[] = [];
      for (let page: string[] = [""]; page.length > 0; taken.push(...page))
        page = await route.inTransaction(async (within) => {
          const found = await within.query(filter, { limit: 5, forUpdate: "skip locked" });
          await within.putMany(found.map((one) => ({ ...one, status: "running" })));
          return idsOf(found);
        });
      return taken;
    };
    const [one, other] = await Promise.all([poll(), poll()]);
    // A poller whose page is empty ends, though the other may still hold rows: these are the other's.
    expect([...one, ...other].sort()).toEqual(idsOf(waiting(60)));
  });

  it.each(filters)("a worker that waits for a row of %j reads it as it is after the wait, or not at all", async (filter) => {
    const storage = route.create();
    await storage.putMany(waiting(3));
    const page = await route.inTransaction(async (within) => {
      await within.put(anInstance({ id: "order::000", runtimeMetadata: { n: 1 } }));
      await within.update("order::001", (current) => ({ ...current, status: "failed" }));
      const waits = route.inTransaction((other) => other.query(filter, { limit: 3, forUpdate: true }));
      await untilSomebodyWaits(database);
      return { waits };
    });
    expect((await page.waits).map(({ id, runtimeMetadata }) => [id, runtimeMetadata])).toEqual([
      ["order::000", { n: 1 }],
      ["order::002", { trace_id: "abc-123" }],
    ]);
  });

  it("another writer waits until the row's lock is gone, and its update begins again", async () => {
    const storage = route.create();
    await storage.put(anInstance());
    const { update } = await route.inTransaction(async (within) => {
      const read = await within.get("order::1", { forUpdate: true });
      const update = storage.update("order::1", (current) => ({ ...current, runtimeMetadata: { after: current.status } }));
      await untilSomebodyWaits(database);
      await within.put({ ...anInstance(), ...read, status: "running" });
      return { update };
    });
    expect(await update).toMatchObject({ status: "running", runtimeMetadata: { after: "running" } });
  });

  it("nowait is rejected with the database's own error, which aborts the transaction", async () => {
    await route.create().put(anInstance());
    await route.inTransaction(async (within) => {
      await within.get("order::1", { forUpdate: true });
      const rejected = route.inTransaction(async (other) => {
        const error: unknown = await other.query({}, { limit: 1, forUpdate: "nowait" }).catch((reason: unknown) => reason);
        await expect(other.count()).rejects.toThrow(/current transaction is aborted/);
        throw error;
      });
      // pg has the code as the error's, Prisma within its own.
      await expect(rejected).rejects.toSatisfy((error) => inspect(error, { depth: 9 }).includes("55P03"));
      await expect(rejected).rejects.toThrow(/could not obtain lock on row/);
    });
  });

  it("a page isn't filled up, neither for locked rows nor for unreadable ones", async () => {
    await route.create().putMany(waiting(5));
    await database.sql(`UPDATE workflow_instances SET state = '{"context": 1}' WHERE id = 'order::001'`);
    pool.sent();
    await route.inTransaction(async (within) => {
      expect(idsOf(await within.query({}, { limit: 3, forUpdate: true, onUnreadable: "skip" }))).toEqual(["order::000", "order::002"]);
      expect(await locking({ limit: 2, forUpdate: "skip locked" })).toEqual(["order::003", "order::004"]);
    });
    expect(plannedOf(pool.sent())).toHaveLength(2);
    await expect(locking({ limit: 3, forUpdate: true })).rejects.toMatchObject({ code: "CORRUPT_INSTANCE" });
  });

  it("nothing is locked for a call that is rejected, and nothing sent", async () => {
    const storage = route.create();
    pool.sent();
    await expect(storage.query({}, { limit: 1, forUpdate: true })).rejects.toThrow(/storage\.withTransaction\(tx\)/);
    await expect(storage.get("order::1", { forUpdate: true })).rejects.toThrow(/storage\.withTransaction\(tx\)/);
    await route.inTransaction((within) => expect(within.query({}, { forUpdate: true })).rejects.toThrow(/limit/));
    expect(plannedOf(pool.sent())).toEqual([]);
  });
});
