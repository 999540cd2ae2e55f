// PostgreSQL's `numeric`, which holds jsonb's numbers, has no more digits before the point.
const MAX_DIGITS = 131_072;

/** Whether an integer has the same digits once it has been a JavaScript number. */
export function survivesAsNumber(integer: bigint): boolean {
  const number = Number(integer);
  // JavaScript writes 1e+23 for a one with 23 zeros, though the double lies beside it: what it writes is what counts.
  return Number.isFinite(number) && integer === integerOf(String(number));
}

/**
 * The integer that a text says, with an exponent or without: `1.5e+23`.
 *
 * @throws {RangeError} if it has more digits than PostgreSQL stores.
 */
export function integerOf(text: string): bigint {
  const [digits = "", exponent = "0"] = text.split(/e/i);
  const [whole = "", fraction = ""] = digits.split(".");
  if (Number(exponent) > MAX_DIGITS || whole.length > MAX_DIGITS) throw new RangeError("more digits than PostgreSQL stores");
  return BigInt(whole + fraction.padEnd(Number(exponent), "0"));
}

/** Whether a decimal number of JSON has the same value, to the last digit, once it has been a JavaScript number. */
export function keepsDigits(token: string): boolean {
  const number = Number(token);
  const written = String(number);
  // Most numbers are spelt as JavaScript spells them.
  return written === token || (Number.isFinite(number) && scientific(written) === scientific(token));
}

/** One spelling for all texts of one value: its digits without zeros around them, and the power of ten. */
function scientific(text: string): string {
  const sign = text.startsWith("-") ? "-" : "";
  const [mantissa = "", power = "0"] = text.slice(sign.length).split(/e/i);
  const [whole = "", fraction = ""] = mantissa.split(".");
  const digits = whole + fraction;
  let start = 0;
  while (start < digits.length && digits[start] === "0") start++;
  let end = digits.length;
  while (end > start && digits[end - 1] === "0") end--;
  if (start === end) return "0";
  const exponent = Number(power) - fraction.length + digits.length - end;
  return `${sign}${digits.slice(start, end)}e${exponent}`;
}
