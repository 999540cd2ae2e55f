/** How integers beyond ±(2^53−1) are stored and read: as texts with a type and `PRECISION_LOSS`, or as JSON numbers and BigInts. */
export type BigIntegers = "error" | "bigint";

/** Elixir's JSON decoder raises on integers of more digits. */
const MAX_JSON_DIGITS = 1_024;

/** Reading or writing so many digits takes well under a millisecond. */
export const MAX_DIGITS = 10_000;

/** Whether a JavaScript number lies beyond ±(2^53−1): it has more than one neighbour among the integers. */
export function isBeyondSafe(number: number): boolean {
  return number > Number.MAX_SAFE_INTEGER || number < Number.MIN_SAFE_INTEGER;
}

/** Whether a BigInt is stored as a JSON number under `"bigint"`: one that every reader takes for a large integer, and reads. */
export function isJsonInteger(integer: bigint): boolean {
  return isBeyondSafe(Number(integer)) && isReadableInteger(integer.toString());
}

/** Whether an integer has few enough digits to be read from a JSON number. */
export function isReadableInteger(digits: string): boolean {
  return digits.length <= MAX_JSON_DIGITS + (digits.startsWith("-") ? 1 : 0);
}

/** Whether an integer has the same digits once it has been a JavaScript number. */
export function survivesAsNumber(integer: bigint): boolean {
  const number = Number(integer);
  // JavaScript writes 1e+23 for a one with 23 zeros, though the double lies beside it: what it writes is what counts.
  return Number.isFinite(number) && integer === integerOf(String(number));
}

/** The integer that a text says, with an exponent or without: `1.5e+23`. */
export function integerOf(text: string): bigint {
  const [digits = "", exponent = "0"] = text.split(/e/i);
  const [whole = "", fraction = ""] = digits.split(".");
  return BigInt(whole + fraction.padEnd(Number(exponent), "0"));
}
