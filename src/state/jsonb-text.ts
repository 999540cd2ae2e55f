import { byteLength } from "../runtime/byte-length.js";
import { isObject } from "../runtime/native-types.js";
import { integerOf, isReadableInteger } from "../values/big-integers.js";
import { writeJson } from "../values/json-text.js";
import { byCodePoint } from "./code-point-order.js";
import { isInteger, parseExact } from "./exact-json.js";

/** One text for all JSON texts that PostgreSQL calls equal as `jsonb`: keys in its order, numbers digit by digit. */
export function jsonbText(text: string): string {
  return writeJson(canonical(parseJsonb(text)));
}

/** A JSON text as a value in which equal numbers are equal; those that no JavaScript number can hold are BigInts or their digits. */
export function parseJsonb(text: string): unknown {
  return parseExact(text, "state", (digits) => (isInteger(digits) && isReadableInteger(digits) ? BigInt(digits) : `\0${digits}`));
}

// https://www.postgresql.org/docs/current/datatype-json.html: shorter keys are before longer ones, in bytes.
function canonical(value: unknown): unknown {
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) return integerOf(String(value));
  if (Array.isArray(value)) return value.map(canonical);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => byteLength(a) - byteLength(b) || byCodePoint(a, b));
  return Object.fromEntries(entries.map(([key, item]) => [key, canonical(item)]));
}
