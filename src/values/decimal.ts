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
