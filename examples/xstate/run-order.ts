import type { Instance } from "hephaestus-prisma";
import { createActor } from "xstate";
import { claim, keep, type Worker } from "./lease.js";
import { createOrderMachine, type Perform } from "./machine.js";
import { afterFailure, atState, snapshotOf } from "./order.js";

/**
 * Claims an order, restores its machine where it was, and runs it to its end. A step begins only when the state that
 * asks for it is stored, under a lease that is still ours.
 *
 * @returns the order, completed or failed; `null` where it wasn't to be had.
 * @throws {LostLeaseError} where another worker has taken it over; nothing of it is done or stored from then on.
 */
export async function runOrder(worker: Worker, perform: Perform, id: string): Promise<Instance | null> {
  const order = await claim(worker, id);
  if (order === null) return null;

  let stored = Promise.resolve(order);
  let seen: unknown;
  // Called by the step and by the subscription: XState starts the steps of a state before it tells about that state.
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
