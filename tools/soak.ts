import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage } from "hephaestus-prisma";
import { deployMigrations } from "hephaestus-prisma/migrate";
import pg from "pg";
import { PrismaClient } from "../generated/prisma/client.js";
import { startPgBouncer } from "./pgbouncer.js";
import { startPostgres } from "./postgres-server.js";
import { startTcpProxy } from "./tcp-proxy.js";
import { runTransactions, tornTransactions } from "./transaction-writers.js";
import { playRounds, type Rounds } from "./undo-rounds.js";
import { audit, emptyTally, runWriters, type Tally } from "./writers.js";

// Writes for some minutes while connections are cut, answers are lost, and server and PgBouncer are killed. Compares the table
// with what was acknowledged.
const minutes = Number(process.argv[2] ?? "1");
if (!(minutes > 0)) throw new Error("usage: npm run soak -- MINUTES");

let ended = 0;
for (const event of ["uncaughtException", "unhandledRejection"] as const)
  process.on(event, (error: unknown) => {
    ended++; // without this listener, the process would have ended here
    console.error(event, error);
  });

const server = await startPostgres();
await deployMigrations(new PrismaPg({ connectionString: server.url() }));
const bouncer = await startPgBouncer(server.url());
const [proxy, racing] = await Promise.all([startTcpProxy(server.port), startTcpProxy(server.port)]);

const clients: PrismaClient[] = [];
const connect = (port: number | string, max: number): PrismaClient => {
  const url = new URL(server.url());
  url.port = String(port);
  const pool = new pg.Pool({ connectionString: url.href, max, application_name: "soak" });
  pool.on("connect", (connection) => connection.on("error", () => {}));
  const client = new PrismaClient({
    adapter: new PrismaPg(pool, { disposeExternalPool: true }),
    transactionOptions: { maxWait: 10_000, timeout: 30_000 },
  });
  clients.push(client);
  return client;
};
const controller = new AbortController();
const { signal } = controller;
const retry = { attempts: 60, minDelayMs: 20, maxDelayMs: 1_000 };
const alone = { ...retry, afterUnknown: true }; // for instances that have one writer
const table = "public.workflow_instances";

const [cutClient, bouncedClient] = [connect(proxy.port, 10), connect(new URL(bouncer.url).port, 10)];
const tallies = { cut: emptyTally("cut::"), bounced: emptyTally("bounced::"), transactions: emptyTally("tx::") };
const rounds: Rounds = { overtaken: 0, undone: 0, outcomesUnknown: 0 };
const strictClient = connect(racing.port, 4);
const strict = [{}, { table }, { table, coalesceWrites: true }].map((way) => createPrismaStorage(strictClient, { retry, ...way }));
const direct = createPrismaStorage(connect(server.port, 4), { retry });
const writersOn = async (client: PrismaClient, way: { table?: string }, tally: Tally): Promise<unknown> => {
  const coalescing = createPrismaStorage(client, { table, coalesceWrites: true, retry: alone });
  return runWriters(createPrismaStorage(client, { ...way, retry: alone }), coalescing, 12, signal, tally);
};
const writing = Promise.all([
  writersOn(cutClient, {}, tallies.cut),
  writersOn(bouncedClient, { table }, tallies.bounced),
  runTransactions(cutClient, createPrismaStorage(cutClient, { table, retry: alone }), signal, tallies.transactions),
  playRounds(strict, direct, racing, signal, rounds),
]);

const faults = { cuts: 0, answers: 0, terminations: 0, kills: 0, bouncerRestarts: 0 };
const anyOf = <One>(...all: readonly One[]): One | undefined => all[Math.floor(Math.random() * all.length)];
const terminate = async (): Promise<void> => {
  const client = new pg.Client({ connectionString: server.url() });
  await client.connect();
  await client.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
  );
  await client.end();
  faults.terminations++;
};
const end = Date.now() + minutes * 60_000;
while (Date.now() < end) {
  await Promise.race([writing, new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 1_000))]);
  const chance = Math.random();
  if (chance < 0.25) {
    proxy.cut();
    faults.cuts++;
  } else if (chance < 0.65) {
    const statement = anyOf("INSERT", "UPDATE", "COMMIT", "SELECT") ?? "INSERT";
    void proxy.loseAnswer(statement, anyOf("reset", "end")).then(() => faults.answers++);
  } else if (chance < 0.8) await terminate();
  else if (chance < 0.9) {
    await server.kill();
    await server.start();
    faults.kills++;
  } else {
    await bouncer.restart();
    faults.bouncerRestarts++;
  }
}
controller.abort();
await writing;

const all = Object.values(tallies);
const sum = (of: (tally: (typeof all)[number]) => number): number => all.reduce((total, tally) => total + of(tally), 0);
const audits = await Promise.all(all.map((tally) => audit(direct, tally)));
const lost = audits.flatMap((one) => one.lost);
const appliedTwice = audits.slice(0, 2).reduce((total, one) => total + one.appliedTwice, 0); // transactions have no counter
const torn = audits.flatMap((one) => one.torn).concat(await tornTransactions(direct, tallies.transactions));
console.table({
  minutes,
  "connections cut": faults.cuts,
  "all connections terminated by the server": faults.terminations,
  "answers lost": faults.answers + rounds.outcomesUnknown,
  "server killed": faults.kills,
  "PgBouncer restarted": faults.bouncerRestarts,
  "writes acknowledged": sum(({ acknowledged }) => acknowledged) + rounds.overtaken,
  "instances that lost a write": lost.length,
  "instances or transactions torn": torn.length,
  "updates applied twice": appliedTwice,
  "writes on top of another's, with afterUnknown: false": rounds.overtaken,
  "of these undone": rounds.undone,
  "outcomes unknown": sum(({ outcomesUnknown }) => outcomesUnknown) + rounds.outcomesUnknown,
  "updates tried again after a conflict": sum(({ retriedUpdates }) => retriedUpdates),
  "conflicts thrown": sum(({ conflicts }) => conflicts),
  "processes ended": ended,
});
for (const id of new Set([...lost, ...torn])) console.log("lost or torn:", id);
await Promise.all(clients.map((client) => client.$disconnect()));
await Promise.all([proxy.close(), racing.close(), bouncer.stop()]);
await server.stop();
if (lost.length + torn.length + appliedTwice + rounds.undone + ended > 0) process.exitCode = 1;
process.exit();
