import { isStorableText } from "../instance/check.js";
import { kindOf } from "../messages/describe.js";
import type { Reject } from "../messages/reject.js";
import { type BigIntegers, isBeyondSafe, isJsonInteger, MAX_DIGITS } from "./big-integers.js";
import { escapeText } from "./escaped-text.js";
import { type Tree, typed } from "./types-tree.js";

/** A value as JSON, in which BigInts are integers that JSON holds digit by digit, and what its parts were. */
export interface Written {
  readonly json: unknown;
  readonly tree?: Tree | undefined;
}

/** Writes anything but an object. */
export function writeScalar(value: unknown, bigIntegers: BigIntegers, reject: Reject): Written {
  switch (typeof value) {
    case "string":
      return isStorableText(value) ? { json: value } : { json: escapeText(value), tree: typed("text") };
    case "number":
      return writeNumber(value, bigIntegers);
    case "undefined":
      return { json: null, tree: typed("undefined") };
    case "bigint":
      return writeBigInt(value, bigIntegers, reject);
    case "function":
    case "symbol":
      return reject(`expected a value that JSON or this package keeps, found ${kindOf(value)}`);
    default:
      return { json: value };
  }
}

function writeNumber(number: number, bigIntegers: BigIntegers): Written {
  if (!Number.isFinite(number) || Object.is(number, -0))
    return { json: Object.is(number, -0) ? "-0" : String(number), tree: typed("number") };
  // Without a type, it would be read as a BigInt.
  return bigIntegers === "bigint" && isBeyondSafe(number) ? { json: number, tree: typed("number") } : { json: number };
}

function writeBigInt(integer: bigint, bigIntegers: BigIntegers, reject: Reject): Written {
  const text = integer.toString();
  if (text.length > MAX_DIGITS) return reject(`a BigInt of more than ${MAX_DIGITS} digits`);
  return bigIntegers === "bigint" && isJsonInteger(integer) ? { json: integer } : { json: text, tree: typed("bigint") };
}
