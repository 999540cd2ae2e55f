import { createInstance, type ExecutionEntry, type Instance, type JsonLikeObject } from "hephaestus-prisma";

/** Every version of this workflow has a name that starts so. */
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

/** Whether an order is at a step, and to be moved on from there: what is done twice or too late changes nothing. */
export function isAt(order: Instance, step: Step): boolean {
  return order.currentStep === step && (order.status === "running" || order.status === "waiting");
}

/** The order after a step: its result is in the context, its event in the history. For the payment, it waits. */
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

/** The order after a step that has failed: it stays there, so that a retry knows where to begin. */
export function afterFailure(order: Instance, step: Step, error: unknown): Instance {
  const message = error instanceof Error ? error.message : String(error);
  return { ...order, status: "failed", executionHistory: [...order.executionHistory, entry(step, "failed", { message })] };
}

/** A failed order, ready to try its step again. */
export function retried(order: Instance): Instance {
  if (order.status !== "failed" || order.currentStep === null) return order;
  return { ...order, status: "running", executionHistory: [...order.executionHistory, entry(order.currentStep, "retried", null)] };
}

function entry(stepRef: string, event: string, contextUpdates: JsonLikeObject | null): ExecutionEntry {
  return { stepRef, event, timestamp: new Date().toISOString(), contextUpdates };
}
