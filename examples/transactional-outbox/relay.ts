import type { PrismaClient } from "../../generated/transactional-outbox/client.js";

export interface Message {
  /** The idempotency key: a receiver that has seen it ignores the message. */
  readonly id: string;
  readonly topic: string;
  readonly payload: unknown;
}

/** Sends a message to another system, and resolves when that system has received it. */
export type Send = (message: Message) => Promise<void>;

/**
 * Delivers messages until the outbox is empty or a delivery fails. Returns the number of delivered messages. Call it
 * again after a while. Any number of relays may run at once, in any number of processes. A message that takes longer to
 * send than `timeoutMs` is sent again.
 */
export async function relay(prisma: PrismaClient, send: Send, timeoutMs = 30_000): Promise<number> {
  for (let delivered = 0; ; delivered++) {
    if (!(await deliverNext(prisma, send, timeoutMs))) return delivered;
  }
}

// The row lock keeps other relays away. It ends with the transaction, or with the connection of a process that was
// killed: then the message is still in the outbox, and is sent again under the same id.
function deliverNext(prisma: PrismaClient, send: Send, timeout: number): Promise<boolean> {
  return prisma.$transaction(
    async (tx) => {
      // A message that fails goes after all others, so that it doesn't block them.
      const [message] = await tx.$queryRaw<Message[]>`
        SELECT id, topic, payload FROM outbox_messages WHERE delivered_at IS NULL
        ORDER BY failures, id LIMIT 1 FOR UPDATE SKIP LOCKED`;
      if (message === undefined) return false;
      const failure = await send(message).then(
        () => null,
        (error: unknown) => String(error),
      );
      const data = failure === null ? { deliveredAt: new Date() } : { failures: { increment: 1 }, lastFailure: failure };
      await tx.outboxMessage.update({ where: { id: message.id }, data });
      return failure === null;
    },
    { timeout },
  );
}
