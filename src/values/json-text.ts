/**
 * Writes JSON without what an application can change: no `toJSON` is called. BigInts become numbers, digit by digit. The
 * value holds nothing that JSON lacks otherwise.
 */
export function writeJson(value: unknown): string {
  // `JSON.stringify` would call a `toJSON` that an application has given to all objects, arrays or BigInts.
  if ("toJSON" in Array.prototype || "toJSON" in BigInt.prototype) return write(value);
  try {
    return JSON.stringify(value);
  } catch {
    return write(value); // a BigInt
  }
}

function write(value: unknown): string {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  return `{${Object.entries(value)
    .map(([key, part]) => `${JSON.stringify(key)}:${write(part)}`)
    .join(",")}}`;
}
