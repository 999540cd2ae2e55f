// A process for tests to kill: `place` stops inside its transaction, `relay` in its first delivery. It notifies its
// parent when it gets there.
import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage } from "hephaestus-prisma";
import { placeOrder } from "../../examples/transactional-outbox/place-order.js";
import { relay } from "../../examples/transactional-outbox/relay.js";
import { PrismaClient } from "../../generated/transactional-outbox/client.js";

const HOUR = 3_600_000;
const [role] = process.argv.slice(2);
const adapter = new PrismaPg({ connectionString: process.env.DATABASE_URL, application_name: "killed" });
const prisma = new PrismaClient({ adapter, transactionOptions: { timeout: HOUR } });

/** Notifies the parent, and never continues: the channel to it keeps the process alive. */
function stop(message: string): Promise<never> {
  process.send?.(message);
  return new Promise(() => process.on("message", () => {}));
}

if (role === "relay") await relay(prisma, ({ id }) => stop(id), HOUR);
else
  await prisma.$transaction(async (tx) => {
    await placeOrder(tx, createPrismaStorage(prisma), { id: "1", customer: "Ada", cents: 1999 });
    await stop("placed");
  });
