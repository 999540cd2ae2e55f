import { completeStep, createInstance, failStep, type Instance, startStep } from "hephaestus-prisma";
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
  const moved = { ...order, runtimeMetadata: { ...order.runtimeMetadata, snapshot } };
  const left = order.currentStep;
  if (left === null) return startStep(moved, state);
  if (left === state) return moved; // resumed
  const next = snapshot.status === "done" ? null : state;
  return completeStep(moved, left, { event: "done", updates: { worker: leaseOf(order)?.worker }, next });
}

/** Returns the order after its step has failed. Its snapshot stays: set it to `running` to retry. */
export function afterFailure(order: Instance, error: unknown): Instance {
  return failStep(order, order.currentStep ?? "", { error });
}

/** Returns the persisted snapshot of the order's machine, or `undefined` if it has not started. */
export function snapshotOf({ runtimeMetadata: { snapshot } }: Instance): Snapshot<unknown> | undefined {
  return isSnapshot(snapshot) ? snapshot : undefined;
}

function isSnapshot(value: unknown): value is Snapshot<unknown> {
  return typeof value === "object" && value !== null && "status" in value && "value" in value;
}
