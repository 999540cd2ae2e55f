import { createPrismaStorage, type JsonLikeObject } from "hephaestus-prisma";
import { describe, expect, it } from "vitest";
import { afterStep, newOrder } from "../../examples/order-workflow/order.js";
import { createOrderWorkflow, type Shop } from "../../examples/order-workflow/workflow.js";
import { preparePostgresDatabase } from "../database.js";
import { storageOn } from "../storage-on.js";
import { runExample } from "./run-example.js";

describe("the order workflow", () => {
  const { database, storage } = storageOn(preparePostgresDatabase);

  const shop: Shop = { reserve: () => Promise.resolve({ shelf: "B-7" }), ship: () => Promise.resolve({ parcel: "p-1" }) };
  const stored = (): Promise<JsonLikeObject[]> =>
    database.sql(`
      SELECT status, state->>'current_step' AS step, state->'completed_steps' AS done,
        (SELECT array_agg(entry->>'event' ORDER BY n) FROM jsonb_array_elements(state->'execution_history') WITH ORDINALITY AS e(entry, n)) AS events
      FROM workflow_instances ORDER BY id`);
  const completed = { status: "completed", step: null, done: ["payment", "reserve", "ship"], events: ["reserved", "paid", "shipped"] };

  it("runs as its README says: through a restart, a failure and a retry, all orders are completed", async () => {
    const output = await runExample("order-workflow/main.ts", { DATABASE_URL: database.url });
    expect(output).toMatch(
      /^Three orders start[^]*lamp is waiting at payment; done: reserve\n[^]*One is shipped[^]*lamp is completed[^]*chair is running at ship[^]*A new process[^]*chair is running at ship[^]*table is waiting at payment[^]*It resumes[^]*chair is completed[^]*table is failed; done: payment, reserve\n[^]*table is completed/,
    );
    expect(await stored()).toEqual([
      completed, // the chair
      completed, // the lamp
      { ...completed, events: ["reserved", "paid", "failed", "shipped"] },
    ]);
  });

  it("starts an order once", async () => {
    const workflow = createOrderWorkflow(storage, shop);
    await workflow.start("1", {});
    await expect(workflow.start("1", {})).rejects.toMatchObject({ code: "INSTANCE_EXISTS" });
    expect(await stored()).toEqual([{ status: "waiting", step: "payment", done: ["reserve"], events: ["reserved"] }]);
  });

  it("records a payment once when ten notices of it arrive at once", async () => {
    const shipped: string[] = [];
    const ship = (id: string): Promise<JsonLikeObject> => Promise.resolve({ parcel: shipped.push(id) });
    const workflow = createOrderWorkflow(storage, { ...shop, ship });
    await workflow.start("1", {});
    await Promise.all(Array.from({ length: 10 }, () => workflow.pay("1", "payment-1")));
    expect(await stored()).toEqual([completed]);
    expect(new Set(shipped)).toEqual(new Set(["1"])); // however often, with the same idempotency key
  });

  it("rejects a payment that comes too early, and accepts it when it is sent again", async () => {
    const workflow = createOrderWorkflow(storage, shop);
    await storage.insert(newOrder("1", {}));
    await expect(workflow.pay("1", "payment-1")).rejects.toThrow("1 can't be paid: it is running at reserve");
    await workflow.resume();
    await workflow.pay("1", "payment-1");
    expect(await stored()).toEqual([completed]);
  });

  it("advances each order once when two processes resume it at the same time", async () => {
    const ids = ["1", "2", "3"];
    for (const id of ids) await storage.insert(afterStep(afterStep(newOrder(id, {}), "reserve", {}), "payment", {}));
    const other = createPrismaStorage(database.client);
    await Promise.all([createOrderWorkflow(storage, shop).resume(), createOrderWorkflow(other, shop).resume()]);
    expect(await stored()).toEqual(ids.map(() => completed));
  });

  it("leaves instances of other families alone", async () => {
    await storage.insert({ ...newOrder("1", {}), workflow: "ShopOrders.V1" });
    expect(await createOrderWorkflow(storage, shop).resume()).toEqual([]);
  });
});
