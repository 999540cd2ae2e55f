import { isObject } from "../../runtime/native-types.js";
import { kindOf } from "../../messages/describe.js";
import type { ExecutionEntry, Instance, JsonLikeObject } from "../../instance/instance.js";
import { formatAgo, formatElapsed, parseMicroseconds } from "../terminal/elapsed.js";
import { type Colours, colourStatus } from "../terminal/colours.js";
import { alignColumns } from "../terminal/text-table.js";
import { type Extent, formatLines, formatNames, formatPairs, formatProblem } from "./values.js";
import { visible } from "../terminal/visible.js";
import type { SummaryRow } from "../../state/row.js";

/** How an instance is shown. */
export interface Manner {
  readonly now: number;
  readonly extent: Extent;
  readonly colours: Colours;
}

/** An instance's life: where it is, what it waits for, what has happened, and what it works on. */
export function formatLife(row: SummaryRow, instance: Instance, { now, extent, colours }: Manner): string {
  const { currentStep, activeSteps, completedSteps, context, stepConfigs, runtimeMetadata, executionHistory } = instance;
  const head = [
    ...columns(row, now, colours),
    ["now at", visible(currentStep ?? "no step")],
    ["active", namesOf(activeSteps, extent)],
    ["completed", namesOf(completedSteps, extent)],
  ];
  const waiting = [...activeSteps].filter((step) => !completedSteps.has(step));
  return print(row, colours, [
    ["", alignRows(head)],
    ["Failed because", row.status === "failed" ? formatProblem(problemOf(instance) ?? "it doesn't say why", extent) : []],
    ["Waits for", alignRows(waiting.map((step) => [visible(step), configOf(stepConfigs, step)]))],
    ["Runtime metadata", formatLines(runtimeMetadata, extent)],
    ["History", executionHistory.length === 0 ? ["no events"] : historyOf(executionHistory, extent)],
    ["Initial context", formatLines(context.initial, extent)],
    ["Context of the steps", formatLines(context.steps, extent)],
    ["Step configs", extent === "full" ? formatLines(stepConfigs, extent) : []],
  ]);
}

/** As the overview view finds it: the last event's word, then the metadata's. */
function problemOf({ executionHistory, runtimeMetadata }: Instance): unknown {
  const updates = executionHistory.at(-1)?.contextUpdates ?? {};
  return updates.error ?? updates.reason ?? runtimeMetadata.error ?? runtimeMetadata.reason;
}

/** What can be shown of a row that holds no instance: its columns, and its state as it is. */
export function formatStored(row: SummaryRow, state: unknown, { now, extent, colours }: Manner): string {
  return print(row, colours, [
    ["", alignRows(columns(row, now, colours))],
    ["Stored state", formatLines(isObject(state) ? state : { state }, extent)],
  ]);
}

type Section = readonly [title: string, lines: readonly string[]];

/** The id, and below it each section that has something to show. */
function print({ id }: SummaryRow, colours: Colours, sections: readonly Section[]): string {
  const printed = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => [title === "" ? colours("bold", visible(id)) : `\n${colours("bold", title)}`, ...lines.map(indent)]);
  return printed
    .flat()
    .map((line) => `${line}\n`)
    .join("");
}

function columns({ workflow, workflowVersion, status, insertedAt, updatedAt }: SummaryRow, now: number, colours: Colours): string[][] {
  return [
    ["workflow", `${visible(workflow)}, version ${workflowVersion}`],
    ["status", colourStatus(visible(status), colours)],
    ["inserted", formatTime(insertedAt, now)],
    ["updated", formatTime(updatedAt, now)],
  ];
}

function formatTime(time: Date, now: number): string {
  return Number.isNaN(time.getTime()) ? "unknown" : `${time.toISOString()}, ${formatAgo(time, now)}`;
}

function namesOf(steps: ReadonlySet<string>, extent: Extent): string {
  return steps.size === 0 ? "none" : formatNames([...steps], extent);
}

function configOf(configs: JsonLikeObject, step: string): string {
  const config = Object.hasOwn(configs, step) ? configs[step] : null;
  if (config === null) return "";
  return formatPairs(isObject(config) && kindOf(config) === "an object" ? config : { config }); // a Date is one too
}

/** Each event in a row: when, how long after the one before, at which step, what, and what it added to the context. */
function historyOf(history: readonly ExecutionEntry[], extent: Extent): string[] {
  let before = NaN;
  const events = history.map(({ stepRef, event, timestamp, contextUpdates }) => {
    const at = parseMicroseconds(timestamp);
    const since = formatSince(at - before);
    before = at;
    const updates = extent === "short" ? formatPairs(contextUpdates ?? {}) : "";
    return [visible(timestamp), since, visible(stepRef), visible(event), updates];
  });
  const lines = alignRows(events);
  if (extent === "short") return lines;
  return lines.flatMap((line, index) => [line, ...formatLines(history[index]?.contextUpdates ?? {}, extent).map(indent)]);
}

function formatSince(microseconds: number): string {
  if (Number.isNaN(microseconds)) return "";
  return `${microseconds < 0 ? "-" : "+"}${formatElapsed(microseconds)}`;
}

function alignRows(rows: readonly (readonly string[])[]): string[] {
  return alignColumns(rows).map((row) => row.join("  ").trimEnd());
}

function indent(line: string): string {
  return `  ${line}`;
}
