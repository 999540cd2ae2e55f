import { formatPath } from "../messages/path.js";
import { isBeyondSafe } from "../values/big-integers.js";
import { keepsDigits } from "../values/decimal.js";
import { partsOf, type Place, rootPlace, segmentsOf } from "../values/place.js";
import { isWithinString, type StringScan } from "../values/string-scan.js";
import { mayBeTooDeep } from "./odd-parts.js";

// A double has every number of 15 digits. Of 16 digits around a point, 8 stand on one side of it: few texts have such a run,
// and looking for it is far cheaper than looking for numbers.
const RUN = /\d{8,}/g;
const LONG_NUMBER = /-?\d[\d.]{15,}(?:[eE][+-]?\d+)?/y;

// Marks a number that needs a look, between text and value. No stored string begins with NUL: PostgreSQL rejects it.
const MARK = "\0";

/** Reads a number: what takes the place of one that a JavaScript number can't hold. It can throw instead. */
export type ReadNumber = (digits: string, path: string) => unknown;

/** Parses a JSON text, unless it has to be looked at: for a number that may lose digits, or for its depth. Then it is `undefined`. */
export function parsePlain(text: string): unknown {
  return longNumbers(text).next().done === true && !mayBeTooDeep(text) ? JSON.parse(text) : undefined;
}

/**
 * Parses a JSON text exactly: `read` is called for every number that would lose digits and, if `allLarge`, for every
 * integer beyond ±(2^53−1).
 */
export function parseExact(text: string, path: string, read: ReadNumber, allLarge = false): unknown {
  const isRead = (token: string): boolean => !keepsDigits(token) || (allLarge && isBeyondSafe(Number(token)) && isInteger(trim(token)));
  const found = [...longNumbers(text)].filter(({ 0: token }) => isRead(token));
  if (found.length === 0) return JSON.parse(text);
  const marked = mark(text, found);
  const parsed: unknown = JSON.parse(marked);
  return marked === text ? parsed : unmark(parsed, path, read);
}

/** Whether the digits of a number are those of an integer. */
export function isInteger(digits: string): boolean {
  return /^-?\d+$/.test(digits);
}

/** The numbers of more than 15 digits in a JSON text, and what looks like one within its strings. */
function* longNumbers(text: string): Generator<RegExpExecArray, void> {
  let end = 0;
  for (const { 0: run, index } of text.matchAll(RUN)) {
    if (index < end) continue;
    let start = index;
    while (start > end && /[\d.-]/.test(text.charAt(start - 1))) start--;
    LONG_NUMBER.lastIndex = start;
    const found = LONG_NUMBER.exec(text);
    end = found === null ? index + run.length : LONG_NUMBER.lastIndex;
    if (found !== null) yield found;
  }
}

/** The text with a marked string for each of these numbers. */
function mark(text: string, numbers: readonly RegExpExecArray[]): string {
  const parts: string[] = [];
  const scan: StringScan = { text, next: 0 };
  let end = 0;
  for (const { 0: token, index } of numbers) {
    if (isWithinString(scan, index)) continue;
    parts.push(text.slice(end, index), `"\\u0000${trim(token)}"`);
    end = index + token.length;
  }
  return parts.join("") + text.slice(end);
}

/** A whole number may be stored with zeros after its point. */
function trim(token: string): string {
  const point = token.indexOf(".");
  if (point === -1) return token;
  for (let index = point + 1; index < token.length; index++) if (token[index] !== "0") return token;
  return token.slice(0, point);
}

/** Replaces the marked strings, in place: what was just parsed is nobody else's. */
function unmark(parsed: unknown, root: string, read: ReadNumber): unknown {
  if (typeof parsed === "string") return read(parsed.slice(MARK.length), root);
  const waiting: Place[] = [rootPlace(parsed)];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop())
    for (const part of partsOf(place)) {
      if (typeof part.value === "object") waiting.push(part);
      if (typeof part.value !== "string" || !part.value.startsWith(MARK)) continue;
      const value = read(part.value.slice(MARK.length), formatPath(root, segmentsOf(part)));
      Object.defineProperty(place.value, part.segment as PropertyKey, { value, writable: true, enumerable: true, configurable: true });
    }
  return parsed;
}
