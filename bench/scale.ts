import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import pg from "pg";
import { startPostgres } from "../tools/postgres-server.js";
import { randomSource } from "./random.js";
import { STAGES } from "./scale/data.js";
import { connectDatabase, type ScaleDatabase } from "./scale/database.js";
import { fill, prepareFills } from "./scale/fill.js";
import { type IndexCost, measureIndexCosts } from "./scale/index-costs.js";
import { holds, LAW, type OperationFigures, type Stage, STREAM_LIMIT } from "./scale/law.js";
import { timeOperation, type Timing } from "./scale/measure.js";
import { operationsOn } from "./scale/operations.js";
import { explain, type Plan } from "./scale/plan.js";
import { pruneMany } from "./scale/prune-run.js";
import { type Figures, writeReport } from "./scale/report.js";
import type { StreamFigures } from "./scale/stream.js";
import { createTable } from "./table.js";

// How each call grows with the table: `npm run bench:scale -- --rows 100000`
const { values: flags } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    ms: { type: "string", default: "3000" },
    indexes: { type: "boolean", default: true },
    with: { type: "string" }, // SQL to try, such as another index
    named: { type: "boolean", default: false },
    json: { type: "string" },
    write: { type: "boolean", default: true },
  },
  allowNegative: true,
});
const rows = Number(flags.rows);
if (!Number.isSafeInteger(rows) || rows < 1_000) throw new Error("--rows: expected an integer of at least 1000");
const sizes = [...STAGES.filter((stage) => stage < rows), rows];
const indexRows = sizes.findLast((size) => size <= 100_000) ?? rows;
const DATABASE = "scale";

const server = await startPostgres({
  settings: {
    autovacuum: "off", // when, is said here
    max_wal_size: "8GB",
    checkpoint_timeout: "1h",
    shared_buffers: "1GB",
    maintenance_work_mem: "512MB",
    effective_cache_size: "4GB",
  },
});
try {
  const failures = await measure();
  for (const failure of failures) console.log(`BROKEN: ${failure}`);
  if (failures.length > 0) process.exitCode = 1;
} finally {
  await server.stop();
}

async function measure(): Promise<string[]> {
  // Under a collation of letters, `LIKE 'prefix%'` is no range of a plain index.
  await onServer(`CREATE DATABASE ${DATABASE} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'`);
  await createTable(server.url(DATABASE));
  if (flags.with !== undefined) await onServer(flags.with, DATABASE);
  const stages: Stage[] = [];
  const timings = new Map<string, Timing[]>();
  const plans = new Map<string, { flat: boolean; plan: Plan }>();
  let indexCosts: readonly IndexCost[] = [];
  for (const [index, size] of sizes.entries()) {
    const database = await connectDatabase(server.url(DATABASE), flags.named);
    try {
      if (index === 0) await prepareFills(database);
      const rate = await fill(database, sizes[index - 1] ?? 0, size);
      const stage = { rows: size, rate, ...(await sizesOf(database)) };
      stages.push(stage);
      console.log(
        `\n${size.toLocaleString("en")} rows: ${stage.tableMegabytes.toFixed(0)} MB and ${stage.indexMegabytes.toFixed(0)} MB of indexes`,
      );
      const operations = await operationsOn(database.storage, size, randomSource(size));
      // What is compiled on the way must not count against the small table.
      if (index === 0) for (const operation of operations) await timeOperation(database.storage, operation, Number(flags.ms) / 6);
      for (const operation of operations) {
        const { name, flat } = operation;
        const timing = await timeOperation(database.storage, operation, Number(flags.ms));
        const plan = await explain(database, await database.lastStatementOf((storage) => operation.run(storage)));
        timings.set(name, [...(timings.get(name) ?? []), timing]);
        plans.set(name, { flat, plan });
        console.log(line(name, timing, plan));
      }
    } finally {
      await database.close();
    }
    if (size === indexRows && flags.indexes) {
      indexCosts = await measureIndexCosts(DATABASE, size, (name) => server.url(name));
      console.table(indexCosts);
    }
  }
  const stream = await streamAll();
  console.log(`stream: ${stream.instances} in ${stream.seconds.toFixed(1)} s, ${stream.memory.toFixed(0)} MB above the base`);
  const database = await connectDatabase(server.url(DATABASE), flags.named);
  const prune = await pruneMany(database).finally(() => database.close());
  console.log("prune:", prune);
  const operations = [...plans].map(([name, { flat, plan }]): OperationFigures => {
    const all = timings.get(name) ?? [];
    return { name, flat, plan, timings: all, growth: (all.at(-1)?.median ?? NaN) / (all[0]?.median ?? NaN) };
  });
  console.table(Object.fromEntries(operations.map(({ name, growth, flat }) => [name, { growth: growth.toFixed(2), flat }])));
  const postgres = await onServer("SHOW server_version");
  const figures: Figures = { postgres, stages, operations, stream, prune, indexCosts, indexRows };
  if (flags.json !== undefined) writeFileSync(flags.json, JSON.stringify(figures, null, 2));
  if (flags.write) await writeReport(figures);
  return [
    ...operations
      .filter((operation) => operation.flat && !holds(operation))
      .map(({ name, growth, plan }) => `${name} takes ${growth.toFixed(2)} × as long (law: ${LAW}): ${plan.summary}`),
    ...(stream.memory < STREAM_LIMIT ? [] : [`stream takes ${stream.memory.toFixed(0)} MB (law: ${STREAM_LIMIT})`]),
  ];
}

async function onServer(sql: string, name?: string): Promise<string> {
  const admin = new pg.Client({ connectionString: server.url(name) });
  await admin.connect();
  try {
    const { rows: found } = await admin.query<{ server_version?: string }>(sql);
    return found[0]?.server_version ?? "";
  } finally {
    await admin.end();
  }
}

async function sizesOf({ sql }: ScaleDatabase): Promise<{ tableMegabytes: number; indexMegabytes: number }> {
  const { rows: found } = await sql.query<{ tableMegabytes: number; indexMegabytes: number }>(`
    SELECT pg_table_size('workflow_instances')::float8 / 1048576 AS "tableMegabytes",
           pg_indexes_size('workflow_instances')::float8 / 1048576 AS "indexMegabytes"`);
  return found[0] ?? { tableMegabytes: NaN, indexMegabytes: NaN };
}

async function streamAll(): Promise<StreamFigures> {
  const program = fileURLToPath(new URL("scale/stream.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, program, server.url(DATABASE)]);
  return JSON.parse(stdout) as StreamFigures;
}

function line(name: string, { median, p99, samples }: Timing, { summary, discarded, pages }: Plan): string {
  const figures = [median.toFixed(2), p99.toFixed(2), String(samples)].map((figure) => figure.padStart(9)).join("");
  return `${name.padEnd(36)}${figures}   ${summary} [${pages} pages, ${discarded} in vain]`;
}
