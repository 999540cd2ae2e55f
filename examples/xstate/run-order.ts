import type { Instance } from "hephaestus-prisma";
import { createActor } from "xstate";
import { claim, keep, type Worker } from "./lease.js";
import { createOrderMachine, type Perform } from "./machine.js";
import { afterFailure, atState, snapshotOf } from "./order.js";

/**
 * Claims an order, restores its machine, and runs it to its end. A step starts only after its state is stored, under a
 * lease that is still ours.
 *
 * @returns the order, completed or failed; `null` if it couldn't be claimed.
 * @throws {LostLeaseError} if another worker has taken it over. Nothing is stored from then on.
 */
export async function runOrder(worker: Worker, perform: Perform, id: string): Promise<Instance | null> {
  const order = await claim(worker, id);
  if (order === null) return null;

  let stored = Promise.resolve(order);
  let seen: unknown;
  // Called by the step and by the subscription: XState starts the steps of a state before it notifies subscribers.
  const checkpoint = (): Promise<Instance> => {
    const { value } = actor.getSnapshot();
    if (actor.getSnapshot() !== seen) {
      seen = actor.getSnapshot();
      const snapshot = actor.getPersistedSnapshot();
      stored = stored.then(() => keep(worker, order, (current) => atState(current, value, snapshot)));
    }
    return stored;
  };

  const machine = createOrderMachine((task) => checkpoint().then(() => perform(task)));
  const snapshot = snapshotOf(order);
  const actor = createActor(machine, { input: { order: id }, ...(snapshot && { snapshot }) });
  const end = new Promise<void>((complete, error) => actor.subscribe({ next: () => void checkpoint(), complete, error }));
  actor.start();
  const failure = await end.then(
    () => null,
    (error: unknown) => ({ error }),
  );
  const last = await stored;
  return failure === null ? last : keep(worker, order, (current) => afterFailure(current, failure.error));
}
