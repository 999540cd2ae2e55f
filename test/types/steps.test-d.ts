import {
  completeStep,
  createInstance,
  createPrismaStorage,
  failStep,
  type Instance,
  type InstanceOf,
  type PrismaClientLike,
  startStep,
} from "hephaestus-prisma";
import { describe, expectTypeOf, it } from "vitest";
import { z } from "zod";

interface Receipt {
  readonly receipt: string;
}
interface Workflows {
  "Order.V2": { initial: { total: number }; steps: { pay: Receipt; ship: { at: Date }; close: { note?: string } } };
  "Invoice.V1": { initial: { order: string }; steps: { send: { at: Date } } };
  "Free.V1": { initial: { n: number } };
}
type Order = InstanceOf<Workflows, "Order.V2">;

declare const client: PrismaClientLike;
declare const order: Order;
declare const any: InstanceOf<Workflows>;
declare const untyped: Instance;

describe("the functions of steps", () => {
  it("take the steps of a typed workflow, and return its instance", () => {
    expectTypeOf(startStep(order, "pay")).toEqualTypeOf<Order>();
    expectTypeOf(failStep(order, "pay", { error: new Error("declined") })).toEqualTypeOf<Order>();
    expectTypeOf(completeStep(order, "pay", { event: "paid", updates: { receipt: "r" }, next: "ship" })).toEqualTypeOf<Order>();
    completeStep(order, "pay", { event: "paid", updates: { receipt: "r" }, next: ["ship", "close"], at: new Date() });
    completeStep(order, "close", { event: "closed", next: null });
    // @ts-expect-error there is no such step
    startStep(order, "send");
    // @ts-expect-error there is no such step
    failStep(order, "send", { error: null });
    // @ts-expect-error there is no such step
    completeStep(order, "pay", { event: "paid", updates: { receipt: "r" }, next: "send" });
    // @ts-expect-error there is no such step
    completeStep(order, "pay", { event: "paid", updates: { receipt: "r" }, next: ["ship", "send"] });
    // @ts-expect-error receipt is a string
    completeStep(order, "pay", { event: "paid", updates: { receipt: 1 }, next: null });
    // @ts-expect-error a payment has a receipt
    completeStep(order, "pay", { event: "paid", next: null });
    // @ts-expect-error the result of another step
    completeStep(order, "close", { event: "closed", updates: { receipt: "r" }, next: null });
    // @ts-expect-error what is next must be said: without a next step, the order would be completed
    completeStep(order, "close", { event: "closed" });
  });

  it("need to know the workflow of an instance of several", async () => {
    const storage = createPrismaStorage<Workflows>(client);
    await storage.update("order::1", (one) =>
      one.workflow === "Order.V2" ? completeStep(one, "pay", { event: "paid", updates: { receipt: "r" }, next: "ship" }) : one,
    );
    // @ts-expect-error an invoice has no such step
    startStep(any, "pay");
    // @ts-expect-error an order has no such step
    completeStep(any, "send", { event: "sent", updates: { at: new Date() }, next: null });
  });

  it("take any step and any object if the workflow isn't typed, or its steps aren't", () => {
    const updates: Receipt = { receipt: "r" };
    expectTypeOf(startStep(untyped, "pay")).toEqualTypeOf<Instance>();
    expectTypeOf(completeStep(untyped, "pay", { event: "paid", updates, next: "ship" })).toEqualTypeOf<Instance>();
    expectTypeOf(completeStep(untyped, "pay", { event: "paid", next: null })).toEqualTypeOf<Instance>();
    expectTypeOf(failStep(untyped, "pay", { error: "declined" })).toEqualTypeOf<Instance>();
    const free = createInstance<InstanceOf<Workflows, "Free.V1">>({ id: "free", workflow: "Free.V1", initial: { n: 1 } });
    expectTypeOf(completeStep(startStep(free, "any"), "any", { event: "done", next: null })).toEqualTypeOf(free);
    // @ts-expect-error that is no object
    completeStep(untyped, "pay", { event: "paid", updates: "r", next: null });
  });
});

describe("currentStep", () => {
  it("is typed by the steps", async () => {
    expectTypeOf(order.currentStep).toEqualTypeOf<"pay" | "ship" | "close" | null>();
    expectTypeOf(any.currentStep).toEqualTypeOf<string | null>();
    expectTypeOf(untyped.currentStep).toEqualTypeOf<string | null>();
    const schemas = { "Order.V2": { steps: { pay: z.object({ receipt: z.string() }), ship: z.object({}) } } };
    const storage = createPrismaStorage(client, { schemas });
    const stored = await storage.get("order::1");
    if (stored === null) return;
    expectTypeOf(stored.currentStep).toEqualTypeOf<"pay" | "ship" | null>();
    await storage.put({ ...stored, currentStep: "ship" });
    await storage.put(completeStep(stored, "pay", { event: "paid", updates: { receipt: "r" }, next: "ship" }));
    // @ts-expect-error there is no such step
    await storage.put({ ...stored, currentStep: "send" });
  });
});
