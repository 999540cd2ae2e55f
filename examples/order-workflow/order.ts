import { completeStep, createInstance, type Instance, type JsonLikeObject, startStep } from "hephaestus-prisma";

/** The name of every version of this workflow starts with this. */
export const FAMILY = "ShopOrder.";

export type Step = "reserve" | "payment" | "ship";

const STEPS: Readonly<Record<Step, { readonly event: string; readonly next: Step | null }>> = {
  reserve: { event: "reserved", next: "payment" },
  payment: { event: "paid", next: "ship" },
  ship: { event: "shipped", next: null },
};

/** A new order, about to be reserved. */
export function newOrder(id: string, initial: JsonLikeObject): Instance {
  return startStep(createInstance({ id, workflow: `${FAMILY}V1`, initial }), "reserve");
}

/** Whether an order can continue from a step. Guards against steps that are repeated or late. */
export function isAt(order: Instance, step: Step): boolean {
  return order.currentStep === step && (order.status === "running" || order.status === "waiting");
}

/** Returns the order after a step. It then waits for the payment, if that is next. */
export function afterStep(order: Instance, step: Step, result: JsonLikeObject): Instance {
  const { event, next } = STEPS[step];
  const moved = completeStep(order, step, { event, updates: result, next });
  return next === "payment" ? { ...moved, status: "waiting" } : moved;
}

/** Returns a failed order, at the step that has failed: the last event of its history. */
export function retried(order: Instance): Instance {
  const failed = order.executionHistory.at(-1);
  return order.status === "failed" && failed !== undefined ? startStep(order, failed.stepRef) : order;
}
