import { failStep, type Instance, type InstanceStorage, type JsonLikeObject } from "hephaestus-prisma";
import { afterStep, FAMILY, isAt, newOrder, retried } from "./order.js";

/**
 * The side effects of the steps. After a crash, the interrupted step runs again: use the order's id as the idempotency
 * key.
 */
export interface Shop {
  reserve(id: string): Promise<JsonLikeObject>;
  ship(id: string): Promise<JsonLikeObject>;
}

export interface OrderWorkflow {
  /** Stores a new order, and runs it until it waits for its payment. */
  start(id: string, initial: JsonLikeObject): Promise<Instance>;
  /** Records the payment that an order waits for, and runs the order to its end. A repeated notice changes nothing. */
  pay(id: string, reference: string): Promise<Instance>;
  /** Retries the step at which an order failed. */
  retry(id: string): Promise<Instance>;
  /** After a restart: runs every order that was interrupted in the middle of a step. */
  resume(): Promise<Instance[]>;
}

export function createOrderWorkflow(storage: InstanceStorage, shop: Shop): OrderWorkflow {
  /** Runs the steps of an order until it waits, completes or fails. */
  const run = async (order: Instance): Promise<Instance> => {
    const step = order.currentStep;
    if (order.status !== "running" || (step !== "reserve" && step !== "ship")) return order;
    const change = await shop[step](order.id).then(
      (result) => (current: Instance) => afterStep(current, step, result),
      (error: unknown) => (current: Instance) => failStep(current, step, { error }),
    );
    return run(await storage.update(order.id, (current) => (isAt(current, step) ? change(current) : current)));
  };

  return {
    async start(id, initial) {
      const order = newOrder(id, initial);
      await storage.insert(order);
      return run(order);
    },

    async pay(id, reference) {
      const paid = await storage.update(id, (order) => {
        if (order.completedSteps.has("payment")) return order;
        // The sender of the notice must see this error, and send the notice again.
        if (!isAt(order, "payment")) throw new Error(`${id} can't be paid: it is ${order.status} at ${order.currentStep ?? "its end"}`);
        return afterStep(order, "payment", { reference });
      });
      return run(paid);
    },

    async retry(id) {
      return run(await storage.update(id, retried));
    },

    async resume() {
      const open = await storage.query({ workflowFamily: FAMILY, statusIn: ["pending", "running"] });
      const resumed: Instance[] = [];
      for (const order of open) resumed.push(await run(order));
      return resumed;
    },
  };
}
