import { completeStep, createInstance, type Instance, type PrismaStorage, startStep } from "hephaestus-prisma";
import type { Prisma, PrismaClient } from "../../generated/prisma/client.js";
import { type CallService, type StepResult, STEPS } from "./order.js";
import type { StepJob, StepQueue } from "./queue.js";

/** Runs orders: the storage keeps where each one stands, the queue says what to run and when. */
export class OrderEngine {
  readonly #prisma: PrismaClient;
  readonly #storage: PrismaStorage;
  readonly #queue: StepQueue;

  constructor(prisma: PrismaClient, storage: PrismaStorage, queue: StepQueue) {
    this.#prisma = prisma;
    this.#storage = storage;
    this.#queue = queue;
  }

  /** Stores an order and the job of its first step in your transaction: both, or neither. */
  async place(tx: Prisma.TransactionClient, id: string): Promise<void> {
    const order = createInstance({ id, workflow: "QueuedOrder.V1" });
    await this.#storage.withTransaction(tx).insert(startStep(order, "reserve"));
    await this.#queue.add(tx, { id, step: "reserve" });
  }

  /** Runs a job. A job that was run before changes nothing: its order has moved on. */
  async run({ id, step }: StepJob, call: CallService): Promise<void> {
    const order = await this.#storage.get(id);
    const perform = STEPS[step];
    if (order?.currentStep !== step || perform === undefined) return;
    const result = await perform(order, call, `${id}/${step}`); // outside of any transaction
    await this.#prisma.$transaction(async (tx) => {
      const moved = await this.#move(tx, id, step, (current) => complete(current, step, result));
      if (moved && result.next !== null) await this.#queue.add(tx, { id, step: result.next }, result.waitSeconds);
    });
  }

  /** An event from outside: the order is paid. Returns whether it was waiting for that. */
  async pay(id: string): Promise<boolean> {
    return this.#prisma.$transaction(async (tx) => {
      const moved = await this.#move(tx, id, "cancel", (order) =>
        order.status === "waiting" ? startStep({ ...order, activeSteps: new Set() }, "ship") : order,
      );
      if (moved) await this.#queue.add(tx, { id, step: "ship" }); // the timer finds the order moved on
      return moved;
    });
  }

  /** Changes an order if it is still at a step, and returns whether it was changed. */
  async #move(tx: Prisma.TransactionClient, id: string, step: string, change: (order: Instance) => Instance): Promise<boolean> {
    let moved = false;
    await this.#storage.withTransaction(tx).update(id, (current) => {
      const next = current.currentStep === step ? change(current) : current;
      moved = next !== current;
      return next;
    });
    return moved;
  }
}

function complete(order: Instance, step: string, { event, result, next, waitSeconds }: StepResult): Instance {
  const moved = completeStep(order, step, { event, updates: result, next });
  if (step === "cancel") return { ...moved, status: "failed" };
  return waitSeconds === undefined ? moved : { ...moved, status: "waiting" };
}
