import { PrismaPg } from "@prisma/adapter-pg";
import type { InstanceStorage } from "hephaestus-prisma";
import { deployMigrations } from "hephaestus-prisma/migrate";
import pg from "pg";
import { playHistory } from "./history/play.js";
import { History } from "./history/record.js";
import { startPgBouncer } from "./pgbouncer.js";
import { startPostgres } from "./postgres-server.js";
import { seededRandom } from "./random.js";
import { startTcpProxy } from "./tcp-proxy.js";
import { runTransactions, tornTransactions } from "./transaction-writers.js";
import { type Connected, prismaSql, straight, verbs } from "./ways.js";
import { audit, emptyTally } from "./writers.js";

// Calls storages of all ways for some minutes while connections are cut, answers are lost or come late, and server and
// PgBouncer are killed. Says whether each instance's history is linearizable, and whether transactions are whole.
const [minutes, seed] = [Number(process.argv[2] ?? "1"), Number(process.argv[3] ?? Date.now() % 1_000_000)];
if (!(minutes > 0) || !Number.isSafeInteger(seed)) throw new Error("usage: npm run soak -- MINUTES [SEED]");
console.log(`seed ${seed}: \`npm run soak -- ${minutes} ${seed}\` plays the same faults again`);

let ended = 0;
for (const event of ["uncaughtException", "unhandledRejection"] as const)
  process.on(event, (error: unknown) => {
    ended++; // without this listener, the process would have ended here
    console.error(event, error);
  });

const server = await startPostgres();
await deployMigrations(new PrismaPg({ connectionString: server.url() }));
const bouncer = await startPgBouncer(server.url());
const proxies = await Promise.all([1, 2, 3].map(() => startTcpProxy(server.port)));
const through = (port: number | string): pg.PoolConfig => {
  const url = Object.assign(new URL(server.url()), { port: String(port) });
  return { connectionString: url.href, max: 6, application_name: "soak" };
};
const retry = { attempts: 60, minDelayMs: 20, maxDelayMs: 1_000 };
const ways = [verbs, prismaSql, straight].map(({ way, coalesces, connect }, n) => ({
  way,
  coalesces,
  on: connect(through(proxies[n]?.port ?? 0)),
}));
const bounced = { way: "SQL through Prisma and PgBouncer", coalesces: true, on: prismaSql.connect(through(new URL(bouncer.url).port)) };
const direct = straight.connect(through(server.port));

const storages: Record<string, InstanceStorage> = {};
for (const { way, coalesces, on } of [...ways, bounced]) {
  storages[way] = on.storage({ retry });
  storages[`${way}, in 500 ms`] = on.storage({ retry, timeoutMs: 500 });
  if (coalesces) storages[`${way}, together`] = on.storage({ retry, coalesceReads: true, coalesceWrites: true });
}
const controller = new AbortController();
const { signal } = controller;
const history = new History();
const last = direct.storage({ retry });
const tallies = ways.map(({ way }) => emptyTally(`${way}::`));
const transactions = ways.map(async ({ on }, n) => runTransactions(on, on.storage({ retry }), signal, tallies[n] ?? emptyTally()));
const playing = playHistory({ storages, direct: last, history, random: seededRandom(seed), signal, restMs: 5_000 });
const running = Promise.all([playing, ...transactions]);

const faults = { cuts: 0, answers: 0, silences: 0, terminations: 0, kills: 0, bouncerRestarts: 0 };
const random = seededRandom(seed + 1);
const anyOf = <One>(all: readonly [One, ...One[]]): One => all[Math.floor(random() * all.length)] ?? all[0];
const wait = (milliseconds: number): Promise<unknown> =>
  Promise.race([running, new Promise((resolve) => setTimeout(resolve, milliseconds))]);
const terminate = async (): Promise<void> => {
  const client = new pg.Client({ connectionString: server.url() });
  await client.connect();
  await client.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
  );
  await client.end();
};
for (const end = Date.now() + minutes * 60_000; Date.now() < end;) {
  await wait(200 + random() * 1_000);
  const proxy = anyOf(proxies as [(typeof proxies)[number]]);
  const statement = anyOf(["INSERT", "UPDATE", "DELETE", "COMMIT", "SELECT"]);
  const chance = random();
  if (chance < 0.25) {
    proxy.cut();
    faults.cuts++;
  } else if (chance < 0.55) void proxy.loseAnswer(statement, anyOf(["reset", "end"])).then(() => faults.answers++);
  else if (chance < 0.65) {
    void proxy.loseAnswer(statement, "silence").then(() => faults.silences++);
    await wait(1_000);
    proxy.cut();
  } else if (chance < 0.8) {
    await terminate();
    faults.terminations++;
  } else if (chance < 0.9) {
    await server.kill();
    await server.start();
    faults.kills++;
  } else {
    await bouncer.restart();
    faults.bouncerRestarts++;
  }
}
controller.abort();
// An answer that is lost in silence would be waited for for ever.
const cutting = setInterval(() => proxies.forEach((proxy) => proxy.cut()), 2_000);
const [verdict] = await running;
clearInterval(cutting);

const audits = await Promise.all(tallies.map((tally) => audit(last, tally)));
const lost = audits.flatMap((one) => one.lost);
const torn = [...audits.flatMap((one) => one.torn), ...(await Promise.all(tallies.map((tally) => tornTransactions(last, tally)))).flat()];
console.table({
  minutes,
  seed,
  "connections cut": faults.cuts,
  "all connections terminated by the server": faults.terminations,
  "answers lost": faults.answers,
  "answers that never came": faults.silences,
  "server killed": faults.kills,
  "PgBouncer restarted": faults.bouncerRestarts,
  "writes acknowledged": history.acknowledged,
  "writes whose outcome is unknown": history.outcomesUnknown,
  "histories checked": verdict.histories,
  "histories that are not linearizable": verdict.violations.size,
  "transactions acknowledged": tallies.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
  "of their instances, lost": lost.length,
  "transactions torn": torn.length,
  "processes ended": ended,
});
for (const id of new Set([...lost, ...torn])) console.log("lost or torn:", id);
for (const [id, steps] of verdict.violations) {
  console.log("not linearizable:", id);
  for (const { invoked, returned, call, found, left } of [...steps].sort((a, b) => a.invoked - b.invoked))
    console.log(`  ${invoked} to ${returned}: ${call}, found ${JSON.stringify(found)}, left ${String(left)}`);
}
await Promise.all([...ways.map(({ on }) => on), bounced.on, direct].map((one: Connected) => one.close()));
await Promise.all([...proxies.map((proxy) => proxy.close()), bouncer.stop()]);
await server.stop();
if (lost.length + torn.length + verdict.violations.size + ended > 0) process.exitCode = 1;
process.exit();
