import { writeFileSync } from "node:fs";
import { arch, cpus, platform } from "node:os";
import { format, resolveConfig } from "prettier";
import { drawLines } from "./chart.js";
import type { IndexCost } from "./index-costs.js";
import { holds, LAW, type OperationFigures, type Stage, STREAM_LIMIT } from "./law.js";
import type { PruneRun } from "./prune-run.js";
import type { StreamFigures } from "./stream.js";

/** Everything that was measured. */
export interface Figures {
  readonly postgres: string;
  readonly stages: readonly Stage[];
  readonly operations: readonly OperationFigures[];
  readonly stream: StreamFigures;
  readonly prune: PruneRun;
  readonly indexCosts: readonly IndexCost[];
  /** On how many rows the indexes' costs were measured. */
  readonly indexRows: number;
}

const DOCS = new URL("../../docs/", import.meta.url);

/** Writes `docs/scale.md` and its chart. */
export async function writeReport(figures: Figures): Promise<void> {
  const { stages, operations } = figures;
  const lines = operations.map(({ name, flat, timings }) => ({ label: name, flat, values: timings.map(({ median }) => median) }));
  writeFileSync(
    new URL("scale.svg", DOCS),
    drawLines(
      "Median of each call, in milliseconds",
      stages.map(({ rows }) => rows),
      lines,
    ),
  );
  const document = new URL("scale.md", DOCS);
  const options = await resolveConfig(document);
  writeFileSync(document, await format(documentOf(figures), { ...options, parser: "markdown" }));
}

function documentOf({ postgres, stages, operations, stream, prune, indexCosts, indexRows }: Figures): string {
  const last = count(stages.at(-1)?.rows ?? 0);
  return `# At scale

<!-- Written by \`npm run bench:scale\`. -->

One table is filled with up to ${last} instances of about 2 KB by \`putMany\`, into a real PostgreSQL under an ICU collation. Their ids are in no order of time, 70 % are completed, 15 % waiting, 10 % running, 5 % failed, 0.1 % pending, over some 50 workflows; on the way, each call is timed at random places, one after the other.

${cpus().length} cores (${platform()}, ${arch()}), Node ${process.versions.node}, PostgreSQL ${postgres}. Server and client share the machine.

![How long each call takes as the table grows](scale.svg)

The law: what is **bold** takes at most ${LAW} × as long at ${last} rows as at ${count(stages[0]?.rows ?? 0)}. The rest has to look at more as there is more.

${table(
  ["median / p99 in ms", ...stages.map(({ rows }) => count(rows)), "growth", "law"],
  operations.map((operation) => [
    operation.flat ? `**${operation.name}**` : operation.name,
    ...operation.timings.map(({ median, p99 }) => `${milliseconds(median)} / ${milliseconds(p99)}`),
    `${operation.growth.toFixed(2)} ×`,
    operation.flat ? (holds(operation) ? "holds" : "**broken**") : "",
  ]),
)}

A full \`stream\` of ${count(stream.instances)} instances took ${stream.seconds.toFixed(1)} s, and ${stream.memory.toFixed(0)} MB above the memory of the process before it; the law is ${STREAM_LIMIT}.

A \`prune\` of ${count(prune.deleted)} instances deleted ${count(prune.perSecond)} a second: ${count(prune.first)} at its beginning and ${count(prune.last)} at its end${prune.finished ? "" : ", which was stopped after a minute"}. Its statement: ${prune.plan.summary}.

## Filling

${table(
  ["rows", "rows/s of the fill up to there", "table", "indexes"],
  stages.map(({ rows, rate, tableMegabytes, indexMegabytes }) => [
    count(rows),
    count(rate),
    `${count(tableMegabytes)} MB`,
    `${count(indexMegabytes)} MB`,
  ]),
)}

## Plans

What PostgreSQL does for each statement at ${last} rows; "in vain" are the rows that it looked at and left out.

${table(
  ["call", "plan", "pages", "in vain"],
  operations.map(({ name, plan }) => [name, plan.summary, count(plan.pages), count(plan.discarded)]),
)}

## What the indexes cost a put

Two copies of the table at ${count(indexRows)} rows, of which one lacks an index, took the same puts by turns. Each changes the state and \`updated_at\`; WAL without full-page images; what GIN puts off is included.

${table(
  ["index", "size", "WAL of a put", "time of a put"],
  indexCosts.map(({ without, megabytes, wal, time }) => [
    without,
    `${megabytes.toFixed(1)} MB`,
    `${wal >= 0 ? "+" : ""}${count(wal)} bytes`,
    `× ${time.toFixed(2)}`,
  ]),
)}
`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}

function milliseconds(value: number): string {
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : count(value);
}
