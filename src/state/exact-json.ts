import { formatPath } from "../messages/path.js";
import { keepsDigits } from "../values/decimal.js";
import { type Place, segmentsOf } from "../values/place.js";
import { isWithinString, type StringScan } from "../values/string-scan.js";

// A double has every number of 15 digits. Of 16 digits around a point, 8 stand on one side of it: few texts have such a run,
// and looking for it is far cheaper than looking for numbers.
const LONG = /\d{8}/;
const RISKY_NUMBER = /-?\d[\d.]{15,}(?:[eE][+-]?\d+)?/g;

// Marks a number that JavaScript can't hold, between text and value. No stored string begins with NUL: PostgreSQL rejects it.
const MARK = "\0";

/** What takes the place of a number that would lose digits; it can throw instead. */
export type Lost = (digits: string, path: string) => unknown;

/** Parses a JSON text exactly: `lost` is asked for every number that would lose digits. */
export function parseExact(text: string, path: string, lost: Lost): unknown {
  const risky = LONG.test(text) ? text.match(RISKY_NUMBER) : null; // within strings too
  if (risky === null || risky.every((token) => keepsDigits(token))) return JSON.parse(text);
  const marked = mark(text);
  const parsed: unknown = JSON.parse(marked);
  return marked === text ? parsed : unmark(parsed, path, lost);
}

/** The text with a marked string for each number that would lose digits. */
function mark(text: string): string {
  const parts: string[] = [];
  const scan: StringScan = { text, next: 0 };
  let end = 0;
  for (const { 0: token, index } of text.matchAll(RISKY_NUMBER)) {
    if (keepsDigits(token) || isWithinString(scan, index)) continue;
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

/** Replaces the marked strings, in place: what was just parsed is nobody else's. Without recursion, for rows have any depth. */
function unmark(parsed: unknown, root: string, lost: Lost): unknown {
  if (typeof parsed === "string") return lost(parsed.slice(MARK.length), root);
  const waiting: Place[] = [{ value: parsed, parent: null, segment: "" }];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const { value } = place;
    if (typeof value !== "object" || value === null) continue;
    for (const [key, item] of Object.entries(value)) {
      const part: Place = { value: item, parent: place, segment: Array.isArray(value) ? Number(key) : key };
      if (typeof item !== "string") waiting.push(part);
      else if (item.startsWith(MARK)) {
        const found = lost(item.slice(MARK.length), formatPath(root, segmentsOf(part)));
        Object.defineProperty(value, key, { value: found, writable: true, enumerable: true, configurable: true });
      }
    }
  }
  return parsed;
}
