import { type Conditions, describeConditions } from "../conditions.js";
import { barChart } from "../markdown/chart.js";
import { writeSections } from "../markdown/document.js";
import { count, table } from "../markdown/table.js";
import type { IndexCost } from "./index-costs.js";
import { GROWTH_LIMIT, isWithinLimit, type OperationFigures, type Stage, STREAM_LIMIT } from "./limits.js";
import type { PruneRun } from "./prune-run.js";
import type { StreamFigures } from "./stream.js";

/** What was measured of the calls on a growing table. */
export interface Figures {
  readonly conditions: Conditions;
  readonly stages: readonly Stage[];
  readonly operations: readonly OperationFigures[];
  readonly stream: StreamFigures;
  readonly prune: PruneRun;
  readonly indexCosts: readonly IndexCost[];
  /** At how many rows the indexes' costs were measured. */
  readonly indexRows: number;
}

/** Writes the measured sections of `docs/scale.md`. */
export async function writeReport(figures: Figures): Promise<void> {
  const sections = {
    run: describeConditions(figures.conditions),
    calls: callsText(figures),
    growth: growthChart(figures),
    stream: streamText(figures),
    fill: fillTable(figures),
    plans: plansText(figures),
    indexes: indexesText(figures),
  };
  await writeSections("scale.md", sections, ["setups", "plan"]);
}

function callsText({ stages, operations }: Figures): string {
  const [first, last] = ends(stages);
  return `The limit: a call in **bold** takes at most ${GROWTH_LIMIT} × as long at ${last} rows as at ${first}. The others have to look at more rows as there are more.

${table(
  ["median / p99 in ms", ...stages.map(({ rows }) => count(rows)), "growth", "limit"],
  operations.map((operation) => [
    operation.flat ? `**${operation.name}**` : operation.name,
    ...operation.timings.map(({ median, p99 }) => `${milliseconds(median)} / ${milliseconds(p99)}`),
    `${operation.growth.toFixed(2)} ×`,
    operation.flat ? (isWithinLimit(operation) ? "kept" : "**exceeded**") : "",
  ]),
)}`;
}

/** Only the calls that must stay flat: beside a growth of 100 × no other bar could be read. */
function growthChart({ stages, operations }: Figures): string {
  const [first, last] = ends(stages);
  return barChart(
    `Median at ${last} rows in relation to ${first} rows`,
    `growth, of which the limit is ${GROWTH_LIMIT}`,
    operations.filter(({ flat }) => flat).map(({ name, growth }) => ({ label: name, value: growth })),
    GROWTH_LIMIT,
  );
}

function streamText({ stream, prune }: Figures): string {
  return `A full \`stream\` of ${count(stream.instances)} instances took ${stream.seconds.toFixed(1)} s, and ${stream.memory.toFixed(0)} MB above the memory of the process before it; the limit is ${STREAM_LIMIT} MB.

A \`prune\` of ${count(prune.deleted)} instances deleted ${count(prune.perSecond)} a second: ${count(prune.first)} at its beginning and ${count(prune.last)} at its end${prune.finished ? "" : "; it was stopped after a minute"}. Its statement: ${prune.plan.summary}.`;
}

function fillTable({ stages }: Figures): string {
  return table(
    ["rows", "rows a second since the size before", "table", "indexes"],
    stages.map(({ rows, rate, tableMegabytes, indexMegabytes }) => [
      count(rows),
      count(rate),
      `${count(tableMegabytes)} MB`,
      `${count(indexMegabytes)} MB`,
    ]),
  );
}

function plansText({ stages, operations }: Figures): string {
  return `What PostgreSQL does for each statement at ${ends(stages)[1]} rows. "Discarded" are the rows that it read and filtered out.

${table(
  ["call", "plan", "pages", "discarded"],
  operations.map(({ name, plan }) => [name, plan.summary, count(plan.pages), count(plan.discarded)]),
  ["plan"],
)}`;
}

function indexesText({ indexCosts, indexRows }: Figures): string {
  if (indexCosts.length === 0) return "Not measured in this run.";
  return `Two copies of the table at ${count(indexRows)} rows, one of which lacks an index, received the same puts alternately. Each put changes the state and \`updated_at\`. WAL is without full-page images; the work that GIN postpones is included.

${table(
  ["index", "size", "WAL of a put", "time of a put"],
  indexCosts.map(({ without, megabytes, wal, time }) => [
    without,
    `${megabytes.toFixed(1)} MB`,
    `${wal >= 0 ? "+" : ""}${count(wal)} bytes`,
    `× ${time.toFixed(2)}`,
  ]),
)}`;
}

/** The smallest and the largest table, in words. */
function ends(stages: readonly Stage[]): readonly [first: string, last: string] {
  return [count(stages[0]?.rows ?? NaN), count(stages.at(-1)?.rows ?? NaN)];
}

function milliseconds(value: number): string {
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : count(value);
}
