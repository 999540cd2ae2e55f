import { createInstance, type Instance } from "hephaestus-prisma";
import type { Snapshot } from "xstate";
import { leaseOf } from "./lease.js";

/** Every version of this workflow has a name that starts so. */
export const FAMILY = "XStateOrder.";

/** A new order, whose machine was never started. */
export function newOrder(id: string): Instance {
  return createInstance({ id, workflow: `${FAMILY}V1` });
}

/** The order in a state of its machine. */
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

/** The order after a step that has failed. The snapshot stays, so that a retry is to make it `running` again. */
export function afterFailure(order: Instance, error: unknown): Instance {
  const message = error instanceof Error ? error.message : String(error);
  return { ...order, status: "failed", executionHistory: history(order, order.currentStep ?? "", "failed", message) };
}

function history(order: Instance, stepRef: string, event: string, message?: string): Instance["executionHistory"] {
  const contextUpdates = { worker: leaseOf(order)?.worker, ...(message !== undefined && { message }) };
  return [...order.executionHistory, { stepRef, event, timestamp: new Date().toISOString(), contextUpdates }];
}

/** What XState has persisted of the order's machine, or `undefined` where it was never started. */
export function snapshotOf({ runtimeMetadata: { snapshot } }: Instance): Snapshot<unknown> | undefined {
  return isSnapshot(snapshot) ? snapshot : undefined;
}

function isSnapshot(value: unknown): value is Snapshot<unknown> {
  return typeof value === "object" && value !== null && "status" in value && "value" in value;
}
