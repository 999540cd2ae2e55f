import { type PostgresServer, startPostgres } from "../tools/postgres-server.js";
import type { Candidate } from "./candidate.js";
import { REFERENCE } from "./candidates/index.js";
import { type Case, caseName } from "./case.js";
import { createDatabase, serverVersion, withConnection } from "./database.js";
import { type CaseMeasurements, type Measurement, type Result, resultOf, type Settings } from "./results.js";
import { Worker } from "./worker.js";

const SERVER = {
  autovacuum: "off",
  shared_preload_libraries: "pg_stat_statements",
  max_wal_size: "4GB",
  checkpoint_timeout: "1h",
  shared_buffers: "512MB",
};

// PostgreSQL's defaults: a committed transaction has reached the disk.
const DURABLE_SERVER = { ...SERVER, fsync: "on", full_page_writes: "on" };

/** What a benchmark returns: the server's version, and all measurements. */
export interface BenchmarkRun {
  readonly postgres: string;
  readonly measurements: readonly CaseMeasurements[];
}

/** Measures the candidates in the cases, each in a worker and a database of its own, and prints the results of each case. */
export async function runBenchmark(candidates: readonly Candidate[], cases: readonly Case[], settings: Settings): Promise<BenchmarkRun> {
  const measurements: CaseMeasurements[] = [];
  let postgres = "";
  for (const durable of [false, true]) {
    const some = cases.filter((one) => one.durable === durable);
    const able = candidates.filter((candidate) => some.some((one) => takesPart(candidate, one)));
    if (able.length === 0) continue;
    const server = await startPostgres({ settings: durable ? DURABLE_SERVER : SERVER });
    const workers: Worker[] = [];
    try {
      postgres = await serverVersion(server);
      await countStatements(server, false);
      for (const candidate of able)
        workers.push(await Worker.start(candidate, await createDatabase(server, candidate.name), settings.pool));
      for (const one of some) {
        const found = await measureCase(server, workers, one, settings);
        measurements.push(...found);
        print(one, found);
      }
    } finally {
      await Promise.all(workers.map((worker) => worker.close()));
      await server.stop();
    }
  }
  return { postgres, measurements };
}

/** Durable commits are measured for this package, the reference and the other engines: not for bare Prisma. */
function takesPart({ name, package: of, description, takesPartIn = () => true }: Candidate, one: Case): boolean {
  return takesPartIn(one) && (!one.durable || name === REFERENCE || of === "hephaestus-prisma" || description !== undefined);
}

async function measureCase(
  server: PostgresServer,
  all: readonly Worker[],
  one: Case,
  { rounds, milliseconds, warmUpMilliseconds }: Settings,
): Promise<CaseMeasurements[]> {
  const workers = all.filter((worker) => takesPart(worker.candidate, one) && worker.supports(one.operation));
  for (const worker of workers) await worker.seed(one.size);
  const writes = one.operation === "put" || one.operation === "putMany";
  const found = new Map(workers.map((worker) => [worker, [] as Measurement[]]));
  // The first round is the warm-up and does not count: V8 compiles what has run some thousands of times, as in a service.
  for (let round = -1; round < rounds; round++)
    for (const [worker, measured] of found) {
      const warmsUp = round < 0;
      if (writes || warmsUp) await worker.vacuum();
      const measurement = await worker.run(one, warmsUp ? warmUpMilliseconds : milliseconds);
      if (!warmsUp) measured.push(measurement);
    }
  await countStatements(server, true);
  const measurements: CaseMeasurements[] = [];
  for (const [worker, measured] of found)
    measurements.push({
      case: caseName(one),
      candidate: worker.candidate.name,
      rounds: measured,
      statements: await worker.statementsOf(one),
    });
  await countStatements(server, false);
  return measurements;
}

/** Whether `pg_stat_statements` counts: it does not while time is measured. */
async function countStatements(server: PostgresServer, on: boolean): Promise<void> {
  await withConnection(server.url(), async (client) => {
    await client.query(`ALTER SYSTEM SET pg_stat_statements.track = '${on ? "all" : "none"}'`);
    await client.query("SELECT pg_reload_conf()");
    await client.query("SELECT pg_sleep(0.2)"); // until every process of the server has read it
  });
}

function print(one: Case, measurements: readonly CaseMeasurements[]): void {
  console.log(`\n${caseName(one)}`);
  for (const { candidate } of measurements) {
    const result = resultOf({ measurements }, one, candidate);
    if (result) console.log(line(candidate, result));
  }
}

function line(candidate: string, { perSecond, ratio, cpu, peakRss, statements }: Result): string {
  const columns = [
    `${perSecond.toFixed(1)}/s`,
    `× ${ratio.toFixed(2)}`,
    `${cpu.toFixed(3)} ms CPU`,
    `${statements.toFixed(2)} statements`,
    `${peakRss.toFixed(0)} MB`,
  ];
  return candidate.padEnd(28) + columns.map((column) => column.padStart(17)).join("");
}
