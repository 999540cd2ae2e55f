import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage } from "hephaestus-prisma";
import { deployMigrations } from "hephaestus-prisma/migrate";
import { PrismaClient } from "../generated/prisma/client.js";
import { startPostgres } from "./postgres-server.js";
import { startTcpProxy } from "./tcp-proxy.js";
import { audit, emptyTally, runWriters, SHARED } from "./writers.js";

// Writes for some minutes while connections are cut and the server is killed, and holds the table against what was acknowledged.
const minutes = Number(process.argv[2] ?? "1");
if (!(minutes > 0)) throw new Error("usage: npm run soak -- MINUTES");

const server = await startPostgres();
await deployMigrations(new PrismaPg({ connectionString: server.url() }));
const proxy = await startTcpProxy(server.port);
const url = new URL(server.url());
url.port = String(proxy.port);
let faults = 0;
const plain = new PrismaClient({ adapter: new PrismaPg({ connectionString: url.href, max: 10 }) });
const client = plain.$extends({
  query: {
    $allOperations: ({ args, query }) =>
      query(args).catch((error: unknown) => {
        faults++;
        throw error;
      }),
  },
});
const retry = { attempts: 30, minDelayMs: 20, maxDelayMs: 1_000 };
const storage = createPrismaStorage(client, { retry });
const tally = emptyTally();
const controller = new AbortController();
const writing = runWriters(storage, createPrismaStorage(plain, { retry, coalesceWrites: true }), 16, controller.signal, tally);

let cuts = 0;
let kills = 0;
const end = Date.now() + minutes * 60_000;
while (Date.now() < end) {
  await Promise.race([writing, new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * 1_500))]);
  if (Math.random() < 0.7) {
    proxy.cut();
    cuts++;
  } else {
    await server.kill();
    await server.start();
    kills++;
  }
}
controller.abort();
await writing;

const { lost, torn } = await audit(storage, tally);
const counted = Number((await storage.get(SHARED))?.runtimeMetadata.n);
const invented = Math.max(0, counted - tally.updates - tally.outcomesUnknown);
console.table({
  minutes,
  "connections cut": cuts,
  "server killed": kills,
  "writes acknowledged": tally.acknowledged,
  "writes lost": lost,
  "instances torn": torn.length,
  "updates that nobody made": invented,
  "statements failed, and tried again where they could be": faults,
  "updates tried again after a conflict": tally.retriedUpdates,
  "conflicts raised": tally.conflicts,
  "outcomes unknown": tally.outcomesUnknown,
});
await client.$disconnect();
await proxy.close();
await server.stop();
if (lost > 0 || torn.length > 0 || invented > 0) process.exitCode = 1;
