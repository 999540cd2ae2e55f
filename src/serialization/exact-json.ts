import { isObject } from "../instance/check.js";
import { formatPath, type Segment } from "../instance/path.js";

// The strings and numbers of a JSON text: strings only so that digits inside one aren't taken for a number.
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

// Marks a number that JavaScript can't hold, between text and value. No stored string begins with NUL: PostgreSQL refuses it.
const MARK = "\0";
const MARKED = /"\\u0000(-?\d+)"/g;

/** Whether a number of a parsed JSON text may have lost digits. */
function isUnsafe(value: number): boolean {
  return value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER;
}

/** Whether a parsed JSON text holds a number that may have lost digits. Every value of every state is asked. */
export function hasUnsafeNumber(value: unknown): boolean {
  if (typeof value === "number") return isUnsafe(value);
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item !== "string" && hasUnsafeNumber(item)) return true; // the call costs more than the look
    return false;
  }
  for (const key in value) {
    const item: unknown = value[key as keyof typeof value]; // parsed JSON inherits nothing
    if (typeof item !== "string" && hasUnsafeNumber(item)) return true;
  }
  return false;
}

/** Whether an integer has the same digits once it has been a JavaScript number. */
export function survivesAsNumber(integer: bigint): boolean {
  const number = Number(integer);
  // JavaScript writes 1e+23 for a one with 23 zeros, though the double lies beside it: what it writes is what counts.
  return Number.isFinite(number) && integer === integerOf(String(number));
}

/** The integer that a text says, with an exponent or without: `1.5e+23`. */
export function integerOf(text: string): bigint {
  const [digits = "", exponent = "0"] = text.split("e");
  const [whole = "", fraction = ""] = digits.split(".");
  return BigInt(whole + fraction.padEnd(Number(exponent), "0"));
}

/** What takes the place of a number that would lose digits; it can throw instead. */
export type Lost = (digits: string, path: string) => unknown;

/** Parses a JSON text exactly: `lost` is asked for every number that would lose digits. */
export function parseExact(text: string, path: string, lost: Lost): unknown {
  const marked = text.replace(TOKEN, (token) => (token.startsWith('"') || survives(token) ? token : `"\\u0000${trim(token)}"`));
  const parsed: unknown = JSON.parse(marked);
  return marked === text ? parsed : unmark(parsed, path, [], lost);
}

/** Writes a value as JSON text, integers that are BigInts digit by digit. */
export function stringifyExact(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? MARK + String(item) : item)).replace(MARKED, "$1");
}

function survives(token: string): boolean {
  if (!isUnsafe(Number(token))) return true;
  const integer = trim(token);
  return /^-?\d+$/.test(integer) && survivesAsNumber(BigInt(integer));
}

/** A whole number may be stored with zeros behind its point. */
function trim(token: string): string {
  return token.replace(/\.0+$/, "");
}

function unmark(value: unknown, root: string, trail: readonly Segment[], lost: Lost): unknown {
  if (typeof value === "string") return value.startsWith(MARK) ? lost(value.slice(MARK.length), formatPath(root, trail)) : value;
  if (Array.isArray(value)) return value.map((item, index) => unmark(item, root, [...trail, index], lost));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unmark(item, root, [...trail, key], lost)]));
}
