import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startPostgres } from "../tools/postgres-server.js";
import { currentConditions } from "./conditions.js";
import { serverVersion } from "./database.js";
import { chooseByName, positiveInteger } from "./flags.js";
import { STAGES } from "./scale/data.js";
import { GROWTH_LIMIT, isWithinLimit, STREAM_LIMIT } from "./scale/limits.js";
import { type Figures, writeReport } from "./scale/report.js";
import { measureScale } from "./scale/run.js";
import { measureSetUps } from "./scale/set-up-costs.js";
import type { SetUpFigures } from "./scale/set-up-figures.js";
import { writeSetUps } from "./scale/set-up-report.js";

// How the time of each call grows with the table, and what the set-ups cost: `npm run bench:scale -- --rows 100000`
const { values: flags } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    rows: { type: "string" },
    ms: { type: "string" },
    indexes: { type: "boolean", default: true },
    with: { type: "string" }, // SQL to try on the empty table, such as another index
    named: { type: "boolean", default: false },
    "set-up-rows": { type: "string" },
    json: { type: "string" },
    from: { type: "string" },
    write: { type: "boolean" },
  },
  allowNegative: true,
});

/** The result file: what a run has measured. */
interface Results {
  readonly calls?: Figures;
  readonly setUps?: SetUpFigures;
}

const PARTS = ["calls", "set-ups"] as const;

const results = flags.from === undefined ? await measure() : (JSON.parse(readFileSync(flags.from, "utf8")) as Results);
if (flags.json !== undefined) writeFileSync(flags.json, JSON.stringify(results, null, 2));
// A smaller or different run replaces no figures unless it is asked to.
const whole = [flags.rows, flags.ms, flags.with, flags["set-up-rows"]].every((flag) => flag === undefined) && flags.indexes && !flags.named;
if (flags.write ?? whole) {
  if (results.calls !== undefined) await writeReport(results.calls);
  if (results.setUps !== undefined) await writeSetUps(results.setUps);
}
const failures = results.calls === undefined ? [] : failuresOf(results.calls);
for (const failure of failures) console.log(`LIMIT EXCEEDED: ${failure}`);
if (failures.length > 0) process.exitCode = 1;

async function measure(): Promise<Results> {
  const parts = chooseByName("--only", flags.only?.join(), PARTS, String);
  const rows = positiveInteger("--rows", flags.rows ?? "1000000", 1_000);
  const setUpRows = positiveInteger("--set-up-rows", flags["set-up-rows"] ?? "20000", 100);
  const sizes = [...STAGES.filter((stage) => stage < rows), rows];
  const conditions = currentConditions("bench:scale");
  const server = await startPostgres({
    settings: {
      autovacuum: "off", // the benchmark vacuums at defined moments
      max_wal_size: "8GB",
      checkpoint_timeout: "1h",
      shared_buffers: "1GB",
      maintenance_work_mem: "512MB",
      effective_cache_size: "4GB",
    },
  });
  try {
    const calls = parts.includes("calls")
      ? await measureScale(server, {
          sizes,
          milliseconds: positiveInteger("--ms", flags.ms ?? "3000"),
          indexRows: flags.indexes ? (sizes.findLast((size) => size <= 100_000) ?? rows) : null,
          named: flags.named,
          sql: flags.with ?? "",
        })
      : undefined;
    const costs = parts.includes("set-ups") ? await measureSetUps(server, setUpRows) : undefined;
    return {
      ...(calls && { calls }),
      ...(costs && { setUps: { conditions: { ...conditions, postgres: await serverVersion(server) }, costs } }),
    };
  } finally {
    await server.stop();
  }
}

function failuresOf({ operations, stream }: Figures): string[] {
  return [
    ...operations
      .filter((operation) => operation.flat && !isWithinLimit(operation))
      .map(({ name, growth, plan }) => `${name} takes ${growth.toFixed(2)} × as long (limit: ${GROWTH_LIMIT}): ${plan.summary}`),
    ...(stream.memory < STREAM_LIMIT ? [] : [`stream takes ${stream.memory.toFixed(0)} MB (limit: ${STREAM_LIMIT})`]),
  ];
}
