import { inspect, types } from "node:util";
import type { JsonLikeObject } from "../../instance/instance.js";
import { isObject } from "../../runtime/native-types.js";
import { shorten } from "../terminal/text-table.js";
import { visible } from "../terminal/visible.js";

/** How much of the stored values is shown. */
export type Extent = "short" | "full";

const PAIR_WIDTH = 40;
const LINE_WIDTH = 100;
const LONGEST_CHARACTER = 20; // in UTF-16 units: a family of emoji has 11
const MOST_PAIRS = 10;
const MOST_LINES = 20;
const MOST_CHARACTERS = 10_000;
const WHOLE = { depth: Infinity, breakLength: LINE_WIDTH, maxArrayLength: Infinity, maxStringLength: Infinity };

/** The values of an object beside each other, shortened: `valid = true, items = [ 1, 2 ]`. */
export function formatPairs(values: JsonLikeObject): string {
  return atMost(MOST_PAIRS, Object.entries(values), ([key, value]) => `${visible(key)} = ${formatShort(value, PAIR_WIDTH)}`).join(", ");
}

/** The values of an object below each other, each shortened to a line, or in full. */
export function formatLines(values: JsonLikeObject, extent: Extent): string[] {
  const entries = Object.entries(values);
  if (extent === "full") return entries.flatMap(([key, value]) => formatFull(key, value));
  const lines = atMost(MOST_LINES, entries, ([key, value]) => {
    const [first = "", ...more] = isLong(value) ? formatProblem(value, "short") : [formatShort(value, LINE_WIDTH)];
    return [`${visible(key)} = ${first}`, ...more.map((line) => `  ${line}`)].join("\n");
  });
  return lines.flatMap((line) => line.split("\n"));
}

/** Why something failed: an error with its stack, whatever has made it, or any other value. A text of several lines stays one. */
export function formatProblem(problem: unknown, extent: Extent): string[] {
  const stack = isObject(problem) && !types.isNativeError(problem) ? problem.stack : undefined;
  const text = typeof problem === "string" ? problem : typeof stack === "string" ? stack : inspect(problem, WHOLE);
  const message = isObject(problem) && typeof problem.message === "string" && !text.includes(problem.message) ? [problem.message] : [];
  const lines = [...message, ...text.slice(0, extent === "full" ? undefined : MOST_CHARACTERS).split("\n")];
  const most = extent === "full" ? Infinity : MOST_LINES;
  return atMost(most, lines, (line) => (extent === "full" ? visible(line) : shorten(visible(line), LINE_WIDTH)));
}

/** Whether a value is better read in lines: an error, or a text such as a stack. */
function isLong(value: unknown): boolean {
  return types.isNativeError(value) || (typeof value === "string" && /\n\s/.test(value));
}

/** Names beside each other. */
export function formatNames(names: readonly string[], extent: Extent): string {
  return atMost(extent === "full" ? Infinity : MOST_LINES, names, visible).join(", ");
}

function atMost<Item>(most: number, items: readonly Item[], format: (item: Item) => string): string[] {
  const shown = items.slice(0, most).map(format);
  return items.length > most ? [...shown, `… and ${items.length - most} more`] : shown;
}

// Of an error inside a value, the message is enough.
const FRAMES = /\n +at [^\n]*/g;

function formatShort(value: unknown, width: number): string {
  const text = inspect(value, {
    depth: 4,
    breakLength: Infinity,
    compact: true,
    maxArrayLength: MOST_PAIRS,
    maxStringLength: width,
  }).replaceAll(FRAMES, "");
  return shorten(visible(text.slice(0, LONGEST_CHARACTER * width)), width); // a state can have megabytes
}

function formatFull(key: string, value: unknown): string[] {
  const text = inspect(value, WHOLE);
  const [first = "", ...more] = text.split("\n").map(visible);
  return [`${visible(key)} = ${first}`, ...more];
}
