import { createInstance } from "hephaestus-prisma";
import { describe, expect, it } from "vitest";
import { createEngine, type Workflows } from "../../examples/mini-engine.js";
import { preparePostgresDatabase } from "../database.js";
import { storageOn } from "../storage-on.js";

describe("the mini engine of docs/writing-an-engine.md", () => {
  const { storage } = storageOn(preparePostgresDatabase);

  function counting(): { readonly workflows: Workflows; readonly keys: string[] } {
    const keys: string[] = [];
    const note = (key: string, next: string | null): Promise<{ event: string; result: { key: string }; next: string | null }> => {
      keys.push(key);
      return Promise.resolve({ event: "done", result: { key }, next });
    };
    return { keys, workflows: { "Count.V1": { start: (_, key) => note(key, "end"), end: (_, key) => note(key, null) } } };
  }

  function gate(): { readonly promise: Promise<void>; readonly resolve: () => void } {
    let resolve = (): void => {};
    const promise = new Promise<void>((resolved) => (resolve = resolved));
    return { promise, resolve };
  }

  it("runs each step once, however many workers there are", async () => {
    const { workflows, keys } = counting();
    const ids = Array.from({ length: 20 }, (_, index) => `count::${index}`);
    await storage.putMany(ids.map((id) => createInstance({ id, workflow: "Count.V1" })));
    await Promise.all(Array.from({ length: 4 }, () => createEngine(storage, workflows, 3_600_000).work()));
    expect(keys.toSorted()).toEqual(ids.flatMap((id) => [`${id}/end/1`, `${id}/start/0`]).toSorted());
    expect(await storage.count({ status: "completed" })).toBe(20);
  });

  it("waits for an event, and continues in another worker", async () => {
    const workflows: Workflows = {
      "Order.V1": {
        start: ({ context }) =>
          Promise.resolve(context.steps.paid === undefined ? { waitFor: "paid" } : { event: "paid", result: {}, next: null }),
      },
    };
    await storage.insert(createInstance({ id: "order::1", workflow: "Order.V1" }));
    await createEngine(storage, workflows).work();
    expect(await storage.get("order::1")).toMatchObject({ status: "waiting", currentStep: "start" });
    const other = createEngine(storage, workflows);
    await other.signal("order::1", "paid", { receipt: "r-1" });
    await other.work();
    expect(await storage.get("order::1")).toMatchObject({
      status: "completed",
      context: { steps: { paid: { receipt: "r-1" }, start: {} } },
    });
  });

  it("does not miss an event that arrives while its step decides to wait", async () => {
    const workflows: Workflows = {
      "Order.V1": {
        async start({ context }) {
          if (context.steps.paid !== undefined) return { event: "paid", result: {}, next: null };
          await engine.signal("order::1", "paid", {});
          return { waitFor: "paid" };
        },
      },
    };
    const engine = createEngine(storage, workflows);
    await storage.insert(createInstance({ id: "order::1", workflow: "Order.V1" }));
    await engine.work();
    expect(await storage.get("order::1")).toMatchObject({ status: "completed" });
  });

  it("takes over from a worker whose lease has expired, and drops that worker's late result", async () => {
    const begun = gate();
    const late = gate();
    const keys: string[] = [];
    const workflows = (result: string, work: () => Promise<void>): Workflows => ({
      "Order.V1": {
        async start(_, key) {
          keys.push(key);
          await work();
          return { event: "done", result: { result }, next: null };
        },
      },
    });
    await storage.insert(createInstance({ id: "order::1", workflow: "Order.V1" }));
    const slow = createEngine(
      storage,
      workflows("late", async () => {
        begun.resolve();
        await late.promise;
      }),
      0,
    ).work();
    await begun.promise;
    await createEngine(
      storage,
      workflows("in time", () => Promise.resolve()),
    ).work();
    late.resolve();
    await slow;
    expect(await storage.get("order::1")).toMatchObject({
      status: "completed",
      context: { steps: { start: { result: "in time" } } },
      executionHistory: [{ stepRef: "start", event: "done" }],
    });
    expect(keys).toEqual(["order::1/start/0", "order::1/start/0"]);
  });

  it("stores what a step throws, and keeps other instances running", async () => {
    const { workflows } = counting();
    const failing: Workflows = { ...workflows, "Order.V1": { start: () => Promise.reject(new Error("no stock")) } };
    await storage.insert(createInstance({ id: "a", workflow: "Order.V1" }));
    await storage.insert(createInstance({ id: "b", workflow: "Count.V1" }));
    await createEngine(storage, failing).work();
    expect(await storage.get("a")).toMatchObject({
      status: "failed",
      executionHistory: [{ event: "failed", contextUpdates: { error: "Error: no stock" } }],
    });
    expect(await storage.get("b")).toMatchObject({ status: "completed" });
  });
});
