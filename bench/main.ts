import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import pg from "pg";
import { startPostgres } from "../tools/postgres-server.js";
import { CELLS } from "./cells.js";
import { COMPETITORS } from "./competitors/index.js";
import { installDependencies } from "./dependencies.js";
import { writeReport } from "./report.js";
import { type Result, Results } from "./result.js";
import { Runner } from "./runner.js";
import { type Cell, cellName } from "./slot.js";

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    cells: { type: "string" },
    json: { type: "string" },
    write: { type: "boolean" },
    rounds: { type: "string" },
    ms: { type: "string" },
  },
  allowNegative: true,
});
const rounds = Number(flags.rounds ?? (flags.quick ? 3 : 5));
const milliseconds = Number(flags.ms ?? (flags.quick ? 100 : 250));
const write = flags.write ?? !(flags.quick || flags.only !== undefined || flags.cells !== undefined);
// How many turns long the first one is, which doesn't count: a service runs compiled code, not what starts up.
const WARM_UP = 3;
const POOL = 10;
const REFERENCE = "raw-named";

const wanted = flags.cells?.split(",");
const cells = CELLS.filter((cell) => wanted?.includes(cellName(cell).replaceAll(" ", "")) ?? (cell.size === "2 KB" || !flags.quick));
const competitors = COMPETITORS.filter(({ name }) => name === REFERENCE || (flags.only?.split(",").includes(name) ?? true));
installDependencies(competitors);

const started = performance.now();
const server = await startPostgres({
  settings: {
    autovacuum: "off",
    shared_preload_libraries: "pg_stat_statements",
    max_wal_size: "4GB",
    checkpoint_timeout: "1h",
    shared_buffers: "512MB",
  },
});
const admin = new pg.Client({ connectionString: server.url() });
await admin.connect();
await admin.query("CREATE EXTENSION pg_stat_statements");
await track("none");
const runners: Runner[] = [];
const results = new Results(REFERENCE);
let postgres = "";
try {
  postgres = (await admin.query<{ server_version: string }>("SHOW server_version")).rows[0]?.server_version ?? "";
  for (const competitor of competitors) {
    const database = competitor.name.replaceAll("-", "_");
    await admin.query(`CREATE DATABASE ${database}`);
    const setup = new pg.Client({ connectionString: server.url(database) });
    await setup.connect();
    await setup.query("CREATE EXTENSION pg_stat_statements");
    await setup.end();
    const runner = await Runner.start(competitor, server.url(database), POOL);
    if (runner) runners.push(runner);
    else console.log(`${competitor.name} is not there, and is left out`);
  }
  for (const cell of cells) {
    const contestants = runners.filter(canDo(cell));
    for (const runner of contestants) await runner.seed(cell.size);
    await measure(cell, contestants);
  }
} finally {
  await Promise.all(runners.map((runner) => runner.close()));
  await admin.end();
  await server.stop();
}
console.log(`\n${((performance.now() - started) / 60_000).toFixed(1)} minutes`);
if (flags.json !== undefined) {
  const all = cells.flatMap((cell) => competitors.map(({ name }) => results.result(cell, name)));
  writeFileSync(flags.json, JSON.stringify(all, null, 2));
}
if (write) {
  for (const path of await writeReport(results, { rounds, milliseconds, pool: POOL, postgres })) console.log(`wrote ${path}`);
}

/** Who can't put many in one call is not measured there; the reference puts them one by one. */
function canDo(cell: Cell): (runner: Runner) => boolean {
  return ({ competitor: { name, measuredIn = () => true }, putsMany }) =>
    measuredIn(cell) && (cell.operation !== "putMany" || putsMany || name === REFERENCE);
}

async function measure(cell: Cell, contestants: readonly Runner[]): Promise<void> {
  const writes = cell.operation === "put" || cell.operation === "putMany";
  for (let round = -1; round < rounds; round++)
    for (const runner of contestants) {
      if (writes || round < 0) await runner.vacuum();
      const warmsUp = round < 0;
      const sample = await runner.run({ ...cell, milliseconds: warmsUp ? WARM_UP * milliseconds : milliseconds });
      if (!warmsUp) results.add(cell, runner.competitor.name, sample);
    }
  await track("all");
  for (const runner of contestants) {
    results.addStatements(cell, runner.competitor.name, await runner.statements({ ...cell, milliseconds: 1 }));
  }
  await track("none");
  console.log(`\n${cellName(cell)}`);
  for (const { competitor } of contestants) {
    const result = results.result(cell, competitor.name);
    if (result) console.log(line(result));
  }
}

async function track(what: "all" | "none"): Promise<void> {
  await admin.query(`ALTER SYSTEM SET pg_stat_statements.track = '${what}'`);
  await admin.query("SELECT pg_reload_conf()");
  await new Promise((resolve) => setTimeout(resolve, 200));
}

function line({ competitor, perSecond, ratio, cpu, peakRss, statements = NaN }: Result): string {
  const columns = [
    perSecond.toFixed(1),
    ratio.toFixed(2),
    `${cpu.toFixed(3)} ms`,
    `${statements.toFixed(2)} st`,
    `${peakRss.toFixed(0)} MB`,
  ];
  return competitor.padEnd(30) + columns.map((column) => column.padStart(12)).join("");
}
