import { inspect } from "node:util";
import type { JsonLikeObject } from "../../instance/instance.js";
import { shorten } from "../terminal/text-table.js";
import { visible } from "../terminal/visible.js";

/** How much of the stored values is shown. */
export type Extent = "short" | "full";

const PAIR_WIDTH = 40;
const LINE_WIDTH = 100;
const LONGEST_CHARACTER = 20; // in UTF-16 units: a family of emoji has 11
const MOST_PAIRS = 10;
const MOST_LINES = 20;

/** The values of an object beside each other, shortened: `valid = true, items = [ 1, 2 ]`. */
export function formatPairs(values: JsonLikeObject): string {
  return atMost(MOST_PAIRS, Object.entries(values), ([key, value]) => `${visible(key)} = ${formatShort(value, PAIR_WIDTH)}`).join(", ");
}

/** The values of an object below each other, each shortened to a line, or in full. */
export function formatLines(values: JsonLikeObject, extent: Extent): string[] {
  const entries = Object.entries(values);
  if (extent === "full") return entries.flatMap(([key, value]) => formatFull(key, value));
  return atMost(MOST_LINES, entries, ([key, value]) => `${visible(key)} = ${formatShort(value, LINE_WIDTH)}`);
}

/** Names beside each other. */
export function formatNames(names: readonly string[], extent: Extent): string {
  return atMost(extent === "full" ? Infinity : MOST_LINES, names, visible).join(", ");
}

function atMost<Item>(most: number, items: readonly Item[], format: (item: Item) => string): string[] {
  const shown = items.slice(0, most).map(format);
  return items.length > most ? [...shown, `… and ${items.length - most} more`] : shown;
}

function formatShort(value: unknown, width: number): string {
  const text = inspect(value, { depth: 4, breakLength: Infinity, compact: true, maxArrayLength: MOST_PAIRS, maxStringLength: width });
  return shorten(visible(text.slice(0, LONGEST_CHARACTER * width)), width); // a state can have megabytes
}

function formatFull(key: string, value: unknown): string[] {
  const text = inspect(value, { depth: Infinity, breakLength: LINE_WIDTH, maxArrayLength: Infinity, maxStringLength: Infinity });
  const [first = "", ...more] = text.split("\n").map(visible);
  return [`${visible(key)} = ${first}`, ...more];
}
