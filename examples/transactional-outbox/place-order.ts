import { completeStep, createInstance, type PrismaStorage } from "hephaestus-prisma";
import type { Prisma } from "../../generated/transactional-outbox/client.js";

export interface NewOrder {
  readonly id: string;
  readonly customer: string;
  readonly cents: number;
}

/** Writes an order, its workflow instance and the message about it, in your transaction: all of them or none. */
export async function placeOrder(tx: Prisma.TransactionClient, storage: PrismaStorage, order: NewOrder): Promise<void> {
  await tx.order.create({ data: order });
  await storage.withTransaction(tx).insert(createInstance({ id: instanceId(order.id), workflow: "OutboxOrder.V1", initial: { ...order } }));
  await tx.outboxMessage.create({ data: { orderId: order.id, topic: "order.placed", payload: { ...order } } });
}

/** Completes the instance and writes the message about it, in your transaction. Shipping again changes nothing. */
export async function shipOrder(tx: Prisma.TransactionClient, storage: PrismaStorage, id: string, parcel: string): Promise<void> {
  let shipped = false;
  await storage.withTransaction(tx).update(instanceId(id), (order) => {
    shipped = order.status !== "completed";
    return shipped ? completeStep(order, "ship", { event: "shipped", updates: { parcel }, next: null }) : order;
  });
  if (shipped) await tx.outboxMessage.create({ data: { orderId: id, topic: "order.shipped", payload: { id, parcel } } });
}

function instanceId(order: string): string {
  return `outbox-order::${order}`;
}
