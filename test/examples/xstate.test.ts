import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { claim, keep, leaseOf, LostLeaseError, revoke, type Worker } from "../../examples/xstate/lease.js";
import type { Task } from "../../examples/xstate/machine.js";
import { newOrder } from "../../examples/xstate/order.js";
import { runOrder } from "../../examples/xstate/run-order.js";
import { type Request, Shop, type WorkerProcess } from "../../examples/xstate/shop.js";
import { preparePostgresDatabase } from "../database.js";
import { storageOn } from "../storage-on.js";
import { runExample } from "./run-example.js";

const START = new Date("2026-01-01T00:00:00Z");
const MINUTE = 60_000;

describe("the order as an XState machine", () => {
  const { database, storage } = storageOn(preparePostgresDatabase);

  const rows = (): Promise<Record<string, unknown>[]> =>
    database.sql(`
      SELECT status, state->>'current_step' AS step, state->'runtime_metadata'->'lease'->>'worker' AS lease,
        (SELECT array_agg(concat_ws(' ', entry->>'step_ref', entry->>'event', 'by', entry->'context_updates'->>'worker') ORDER BY n)
         FROM jsonb_array_elements(state->'execution_history') WITH ORDINALITY AS e(entry, n)) AS history
      FROM workflow_instances ORDER BY id`);
  const worker = (name: string, at = START): Worker => ({ name, storage, now: () => Promise.resolve(at), leaseMs: MINUTE });
  const later = new Date(START.getTime() + MINUTE);
  const receipt = ({ step }: Task): Promise<string> => Promise.resolve(`receipt of ${step}`);

  describe("in processes that are killed", { timeout: 180_000 }, () => {
    beforeAll(() => void vi.stubEnv("LEASE_MS", String(1_000 * MINUTE))); // for the processes: longer than any slow machine needs
    afterAll(() => void vi.unstubAllEnvs());
    const steps = (requests: readonly Request[]): string[] =>
      requests.map(({ step, worker, repeated }) => `${step} for ${worker}${repeated ? ", again" : ""}`);

    it("continues after SIGKILL in one of two workers that start at once, and does each step once", async () => {
      await storage.insert(newOrder("1"));
      const shop = new Shop(database.url);
      await new Promise<void>((dead) => {
        shop.startWorker("A", async ({ step }, process) => {
          if (step === "pack") await process.kill().then(dead); // the parcel is packed, but A never gets the receipt
        });
      });
      expect(await rows()).toEqual([{ status: "running", step: "packing", lease: "A", history: ["charging done by A"] }]);

      // Until the lease expires, A might still be alive.
      expect(await shop.startWorker("B").ended).toBe("B leaves 1 to another worker.\n");
      expect(steps(shop.requests)).toEqual(["charge for A", "pack for A"]);

      await database.sql(
        `UPDATE workflow_instances SET state = jsonb_set(state, '{runtime_metadata,lease,until}', '"2026-01-01T00:00:00.000Z"')`,
      );
      // The first to ask gets its reply only after the other has ended, so that the other finds a running order.
      const workers: WorkerProcess[] = ["C", "D"].map((name) =>
        shop.startWorker(name, async () => void (await workers.find((other) => other.name !== name)?.ended)),
      );
      const printed = await Promise.all(workers.map(({ ended }) => ended));
      const winner = shop.requests.at(-1)?.worker ?? "";
      expect(["C", "D"]).toContain(winner);
      expect(printed.sort()).toEqual(
        [`${winner} has run 1 to its end: completed.\n`, `${winner === "C" ? "D" : "C"} leaves 1 to another worker.\n`].sort(),
      );
      expect(steps(shop.requests)).toEqual(["charge for A", "pack for A", `pack for ${winner}, again`, `ship for ${winner}`]);
      expect(await rows()).toEqual([
        {
          status: "completed",
          step: null,
          lease: null,
          history: ["charging done by A", `packing done by ${winner}`, `shipping done by ${winner}`],
        },
      ]);
      const [row] = await database.sql(
        "SELECT state->'runtime_metadata'->'snapshot'->'context'->'receipts' AS receipts FROM workflow_instances",
      );
      expect(row?.receipts).toEqual(["receipt 1", "receipt 2", "receipt 3"]); // A's too
    });

    it("prints what its README shows", async () => {
      const output = await runExample("xstate/main.ts", { DATABASE_URL: database.url });
      expect(output).toMatch(
        /^xstate-order::\w+ is stored[^]*Ada asks the shop to pack: done\n[^]*Ada is killed with SIGKILL\. She leaves \S+ running at packing, leased to Ada\.\nBarbara leaves \S+ to another worker\.[^]*(Grace|Edsger) asks the shop to pack: already done[^]*\1 asks the shop to ship: done\n[^]*is completed:/,
      );
    });
  });

  it("is claimed by one of thirty workers that try at once", async () => {
    await storage.insert(newOrder("1"));
    const claims = await Promise.all(Array.from({ length: 30 }, (_, n) => claim(worker(`worker ${n}`), "1")));
    const [order, ...others] = claims.filter((one) => one !== null);
    expect(others).toEqual([]);
    expect(await rows()).toEqual([{ status: "running", step: null, lease: order && leaseOf(order)?.worker, history: null }]);
  });

  it("can be claimed again when the lease expires, and not before", async () => {
    await storage.insert(newOrder("1"));
    expect(await claim(worker("A"), "1")).not.toBeNull();
    expect(await claim(worker("B", new Date(later.getTime() - 1)), "1")).toBeNull();
    expect(await claim(worker("B", later), "1")).not.toBeNull();
  });

  it.each([
    { slow: "charge", done: ["charge"], row: { step: "charging", history: null } },
    { slow: "ship", done: ["charge", "pack", "ship"], row: { step: "shipping", history: ["charging done by A", "packing done by A"] } },
  ])("is lost to the next worker that claims it during $slow: late work is neither done nor stored", async ({ slow, done, row }) => {
    await storage.insert(newOrder("1"));
    const asked: string[] = [];
    const late = runOrder(
      worker("A"),
      async (task) => {
        asked.push(task.step);
        if (task.step === slow) await claim(worker("B", later), "1"); // the lease expires during the step
        return receipt(task);
      },
      "1",
    );
    await expect(late).rejects.toThrow(LostLeaseError);
    await expect(late).rejects.toThrow("A no longer holds 1: its lease expired or was revoked, and B holds it now.");
    expect(asked).toEqual(done);
    expect(await rows()).toEqual([{ status: "running", lease: "B", ...row }]);
  });

  it("keeps the lease by storing: a worker that continues from step to step never loses it", async () => {
    await storage.insert(newOrder("1"));
    let now = START;
    const steady: Worker = { ...worker("A"), now: () => Promise.resolve(now) };
    const order = await runOrder(
      steady,
      async (task) => {
        now = new Date(now.getTime() + MINUTE - 1);
        expect(await claim({ ...worker("B"), now: steady.now }, "1")).toBeNull();
        return receipt(task);
      },
      "1",
    );
    expect(order?.status).toBe("completed");
  });

  it("fails at a step that fails, and continues there when it is set to run again", async () => {
    await storage.insert(newOrder("1"));
    const asked: string[] = [];
    let open = false;
    const perform = (task: Task): Promise<string> => {
      asked.push(task.step);
      return task.step === "ship" && !open ? Promise.reject(new Error("the carrier is closed")) : receipt(task);
    };
    const failed = await runOrder(worker("A"), perform, "1");
    expect(failed?.executionHistory.at(-1)).toMatchObject({
      stepRef: "shipping",
      event: "failed",
      contextUpdates: { error: "Error: the carrier is closed" },
    });
    expect(await claim(worker("B"), "1")).toBeNull(); // it has no lease, but can't be claimed

    open = true;
    await storage.update("1", (order) => ({ ...order, status: "running" }));
    await runOrder(worker("B"), perform, "1");
    expect(asked).toEqual(["charge", "pack", "ship", "ship"]);
    const history = ["charging done by A", "packing done by A", "shipping failed by", "shipping done by B"];
    expect(await rows()).toEqual([{ status: "completed", step: null, lease: null, history }]);
  });

  it("can't be stored by a worker whose lease was revoked", async () => {
    await storage.insert(newOrder("1"));
    const claimed = await claim(worker("A"), "1");
    await revoke(storage, "1");
    await expect(claimed && keep(worker("A"), claimed, (order) => order)).rejects.toThrow("and nobody holds it now");
  });
});
