import { isObject } from "../runtime/native-types.js";
import { integerOf } from "../values/decimal.js";
import { parseExact } from "../state/exact-json.js";
import { writeJson } from "../values/json-text.js";
import { byteLength } from "../runtime/byte-length.js";
import { byCodePoint } from "../state/code-point-order.js";

/** The text that stands for a JSON text, for all that PostgreSQL calls equal as `jsonb`: keys in its order, large integers digit by digit. */
export function jsonbText(text: string): string {
  return writeJson(canonical(parseJsonb(text)));
}

/** A JSON text as a value; integers that no JavaScript number can hold are BigInts. */
export function parseJsonb(text: string): unknown {
  return parseExact(text, "state", integerOf);
}

// https://www.postgresql.org/docs/current/datatype-json.html: shorter keys are before longer ones, in bytes.
function canonical(value: unknown): unknown {
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) return integerOf(String(value));
  if (Array.isArray(value)) return value.map(canonical);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => byteLength(a) - byteLength(b) || byCodePoint(a, b));
  return Object.fromEntries(entries.map(([key, item]) => [key, canonical(item)]));
}
