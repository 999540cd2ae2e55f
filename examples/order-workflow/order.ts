import { createInstance, type ExecutionEntry, type Instance, type JsonLikeObject } from "hephaestus-prisma";

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
  const order = createInstance({ id, workflow: `${FAMILY}V1`, initial });
  return { ...order, status: "running", currentStep: "reserve", activeSteps: new Set(["reserve"]) };
}

/** Whether an order can continue from a step. Guards against steps that are repeated or late. */
export function isAt(order: Instance, step: Step): boolean {
  return order.currentStep === step && (order.status === "running" || order.status === "waiting");
}

/** Returns the order after a step: the result in its context, the event in its history. It then waits for the payment, if that is next. */
export function afterStep(order: Instance, step: Step, result: JsonLikeObject): Instance {
  const { event, next } = STEPS[step];
  return {
    ...order,
    status: next === null ? "completed" : next === "payment" ? "waiting" : "running",
    currentStep: next,
    activeSteps: new Set(next === null ? [] : [next]),
    completedSteps: new Set([...order.completedSteps, step]),
    context: { ...order.context, steps: { ...order.context.steps, [step]: result } },
    executionHistory: [...order.executionHistory, entry(step, event, result)],
  };
}

/** Returns the order after a failed step. Its current step stays, so that a retry knows where to begin. */
export function afterFailure(order: Instance, step: Step, error: unknown): Instance {
  const message = error instanceof Error ? error.message : String(error);
  return { ...order, status: "failed", executionHistory: [...order.executionHistory, entry(step, "failed", { message })] };
}

/** Returns a failed order, ready to retry its step. */
export function retried(order: Instance): Instance {
  if (order.status !== "failed" || order.currentStep === null) return order;
  return { ...order, status: "running", executionHistory: [...order.executionHistory, entry(order.currentStep, "retried", null)] };
}

function entry(stepRef: string, event: string, contextUpdates: JsonLikeObject | null): ExecutionEntry {
  return { stepRef, event, timestamp: new Date().toISOString(), contextUpdates };
}
