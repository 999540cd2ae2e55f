import { isStorableText } from "../instance/check.js";
import { kindOf } from "../messages/describe.js";
import type { Reject } from "../messages/reject.js";
import { type BigIntegers, isBeyondSafe, isJsonInteger, MAX_DIGITS } from "./big-integers.js";
import { escapeText } from "./escaped-text.js";

/** Writes anything but an object: returns its JSON, and says what it was if JSON lacks it. */
export function writeScalar(value: unknown, bigIntegers: BigIntegers, is: (type: string) => void, reject: Reject): unknown {
  switch (typeof value) {
    case "string":
      if (isStorableText(value)) return value;
      is("text");
      return escapeText(value);
    case "number":
      return writeNumber(value, bigIntegers, is);
    case "bigint":
      if (bigIntegers === "bigint" && isJsonInteger(value)) return value;
      is("bigint");
      return writeBigInt(value, reject);
    case "undefined":
      is("undefined");
      return null;
    case "function":
    case "symbol":
      return reject(`expected a value that JSON or this package keeps, found ${kindOf(value)}`);
    default:
      return value;
  }
}

function writeNumber(number: number, bigIntegers: BigIntegers, is: (type: string) => void): unknown {
  const isJson = Number.isFinite(number) && !Object.is(number, -0);
  if (isJson && !(bigIntegers === "bigint" && isBeyondSafe(number))) return number;
  is("number"); // one beyond 2^53 would be read as a BigInt
  if (isJson) return number;
  return Object.is(number, -0) ? "-0" : String(number);
}

function writeBigInt(integer: bigint, reject: Reject): string {
  const text = integer.toString();
  return text.length > MAX_DIGITS ? reject(`a BigInt of more than ${MAX_DIGITS} digits`) : text;
}
