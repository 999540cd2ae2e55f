import { isStorableText } from "../instance/check.js";
import { kindOf } from "../messages/describe.js";
import { survivesAsNumber } from "./decimal.js";
import { escapeText } from "./escaped-text.js";
import { typed } from "./meta.js";
import type { Written } from "./written.js";

/** So many digits are read in well under a millisecond. */
export const MAX_BIGINT_DIGITS = 10_000;

/** Writes anything but an object. */
export function writeScalar(value: unknown, exactIntegers: boolean, reject: (problem: string) => never): Written {
  switch (typeof value) {
    case "string":
      return isStorableText(value) ? { json: value } : { json: escapeText(value), tree: typed(["custom", "text"]) };
    case "number":
      if (Object.is(value, -0)) return { json: "-0", tree: typed("number") };
      return Number.isFinite(value) ? { json: value } : { json: String(value), tree: typed("number") };
    case "undefined":
      return { json: null, tree: typed("undefined") };
    case "bigint":
      return writeBigInt(value, exactIntegers, reject);
    case "function":
    case "symbol":
      return reject(`expected a value that JSON or this package keeps, found ${kindOf(value)}`);
    default:
      return { json: value };
  }
}

/** As a text or, for exact integers, as a JSON number, which is a BigInt anyway when no JavaScript number holds it. */
function writeBigInt(value: bigint, exactIntegers: boolean, reject: (problem: string) => never): Written {
  const text = value.toString();
  if (text.length > MAX_BIGINT_DIGITS) return reject(`a BigInt of more than ${MAX_BIGINT_DIGITS} digits`);
  if (!exactIntegers) return { json: text, tree: typed("bigint") };
  return survivesAsNumber(value) ? { json: value, tree: typed("bigint") } : { json: value };
}
