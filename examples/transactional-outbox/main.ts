import { randomUUID } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage } from "hephaestus-prisma";
import pg from "pg";
import { PrismaClient } from "../../generated/transactional-outbox/client.js";
import { migrate } from "./migrate.js";
import { placeOrder, shipOrder } from "./place-order.js";
import { type Message, relay, type Send } from "./relay.js";

const connectionString = process.env.DATABASE_URL;
if (connectionString === undefined) throw new Error("set DATABASE_URL to the connection string of a PostgreSQL database");
const pool = new pg.Pool({ connectionString });
pool.on("connect", (client) => client.on("error", () => {})); // a lost connection fails its call: it must not end the process
const adapter = new PrismaPg(pool, { disposeExternalPool: true });
await migrate(adapter);
const prisma = new PrismaClient({ adapter });
const storage = createPrismaStorage(prisma);

const count = async (): Promise<string> => {
  const [orders, instances, messages] = await Promise.all([
    prisma.order.count(),
    storage.count({ workflowFamily: "OutboxOrder." }),
    prisma.outboxMessage.count({ where: { deliveredAt: null } }),
  ]);
  return `${orders} orders, ${instances} instances, ${messages} messages to deliver`;
};

const run = randomUUID().slice(0, 8);
const [lamp, chair, table] = [`${run}-lamp`, `${run}-chair`, `${run}-table`] as const;

console.log(`Before: ${await count()}`);
await prisma.$transaction((tx) => placeOrder(tx, storage, { id: lamp, customer: "Ada", cents: 1999 }));
await prisma.$transaction((tx) => placeOrder(tx, storage, { id: chair, customer: "Grace", cents: 4248 }));
console.log(`Two orders are placed: ${await count()}`);

const declined = prisma.$transaction(async (tx) => {
  await placeOrder(tx, storage, { id: table, customer: "Edsger", cents: 99 });
  throw new Error("the card was declined");
});
await declined.catch(() => {});
console.log(`A third is rolled back, because its card is declined: ${await count()}`);

// The other system. It recognizes messages that it has seen by their ids. Its first reply gets lost on the way.
const seen = new Set<string>();
let replyIsLost = true;
const receive: Send = ({ id, topic, payload }: Message) => {
  console.log(`  ${topic} ${JSON.stringify(payload)}${seen.has(id) ? ": already seen, ignored" : ""}`);
  seen.add(id);
  if (!replyIsLost) return Promise.resolve();
  replyIsLost = false;
  return Promise.reject(new Error("the connection was lost"));
};

console.log("\nTwo relays deliver at the same time. The reply to one message is lost, so it is sent again, under the same id:");
do {
  await Promise.all([relay(prisma, receive), relay(prisma, receive)]);
} while ((await prisma.outboxMessage.count({ where: { deliveredAt: null } })) > 0);
console.log(`Then: ${await count()}`);

console.log("\nAn order is shipped, twice by mistake; there is one message:");
for (let time = 0; time < 2; time++) await prisma.$transaction((tx) => shipOrder(tx, storage, lamp, "parcel-1"));
await relay(prisma, receive);
console.log(`In the end: ${await count()}`);
await prisma.$disconnect();
