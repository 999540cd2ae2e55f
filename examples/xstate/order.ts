import { createInstance, type Instance } from "hephaestus-prisma";
import type { Snapshot } from "xstate";
import { leaseOf } from "./lease.js";

/** The name of every version of this workflow starts with this. */
export const FAMILY = "XStateOrder.";

/** Returns a new order, whose machine has not started. */
export function newOrder(id: string): Instance {
  return createInstance({ id, workflow: `${FAMILY}V1` });
}

/** Returns the order in a state of its machine. */
export function atState(order: Instance, state: string, snapshot: Snapshot<unknown>): Instance {
  const left = order.currentStep;
  const done = snapshot.status === "done";
  const moved: Instance = {
    ...order,
    status: done ? "completed" : "running",
    currentStep: done ? null : state,
    activeSteps: new Set(done ? [] : [state]),
    runtimeMetadata: { ...order.runtimeMetadata, snapshot },
  };
  if (left === null || left === state) return moved; // begun, or resumed
  return { ...moved, completedSteps: new Set([...order.completedSteps, left]), executionHistory: history(order, left, "done") };
}

/** Returns the order after a failed step. Its snapshot stays: set it to `running` to retry. */
export function afterFailure(order: Instance, error: unknown): Instance {
  const message = error instanceof Error ? error.message : String(error);
  return { ...order, status: "failed", executionHistory: history(order, order.currentStep ?? "", "failed", message) };
}

function history(order: Instance, stepRef: string, event: string, message?: string): Instance["executionHistory"] {
  const contextUpdates = { worker: leaseOf(order)?.worker, ...(message !== undefined && { message }) };
  return [...order.executionHistory, { stepRef, event, timestamp: new Date().toISOString(), contextUpdates }];
}

/** Returns the persisted snapshot of the order's machine, or `undefined` if it has not started. */
export function snapshotOf({ runtimeMetadata: { snapshot } }: Instance): Snapshot<unknown> | undefined {
  return isSnapshot(snapshot) ? snapshot : undefined;
}

function isSnapshot(value: unknown): value is Snapshot<unknown> {
  return typeof value === "object" && value !== null && "status" in value && "value" in value;
}
