import type { PrismaClient } from "../../generated/transactional-outbox/client.js";

export interface Message {
  /** The idempotency key: a receiver that has seen it ignores the message. */
  readonly id: string;
  readonly topic: string;
  readonly payload: unknown;
}

/** Hands a message to another system, and resolves when that has it. */
export type Send = (message: Message) => Promise<void>;

/**
 * Delivers what is in the outbox until it is empty, or a message could not be delivered; answers how many were. Begin
 * again after a while. Any number of relays may run at once, in any number of processes. What takes longer to send than
 * `timeoutMs` is sent again.
 */
export async function relay(prisma: PrismaClient, send: Send, timeoutMs = 30_000): Promise<number> {
  for (let delivered = 0; ; delivered++) {
    if (!(await deliverNext(prisma, send, timeoutMs))) return delivered;
  }
}

// The row lock is what keeps other relays away. It ends with the transaction, or with the connection of a process that
// was killed: then the message is there as before, and is sent again under the same id.
function deliverNext(prisma: PrismaClient, send: Send, timeout: number): Promise<boolean> {
  return prisma.$transaction(
    async (tx) => {
      // One that fails goes behind all others, so that it holds up none of them.
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
