/** Whether `JSON.stringify` would call a `toJSON` that an application has given to all objects or all arrays. */
export function isJsonPatched(): boolean {
  return "toJSON" in Array.prototype;
}

interface Open {
  readonly value: object;
  /** Of an object; an array has none. */
  readonly keys: readonly string[] | null;
  readonly length: number;
  next: number;
}

/**
 * Writes JSON without what an application can change: no `toJSON` is called, of BigInt neither. BigInts become numbers,
 * digit by digit. Any depth is written, for rows can have any. The value holds nothing that JSON lacks otherwise.
 */
export function writeJson(root: unknown): string {
  const parts: string[] = [];
  const stack: Open[] = [];

  const write = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return void parts.push(scalar(value));
    const keys = Array.isArray(value) ? null : Object.keys(value);
    parts.push(keys === null ? "[" : "{");
    stack.push({ value, keys, length: Array.isArray(value) ? value.length : (keys?.length ?? 0), next: 0 });
  };

  write(root);
  for (let open = stack.at(-1); open !== undefined; open = stack.at(-1)) {
    const { value, keys, length } = open;
    const index = open.next++;
    if (index === length) {
      parts.push(keys === null ? "]" : "}");
      stack.pop();
      continue;
    }
    if (index > 0) parts.push(",");
    const key = keys?.[index] ?? index;
    if (typeof key === "string") parts.push(JSON.stringify(key), ":");
    write(Reflect.get(value, key));
  }
  return parts.join("");
}

/** The text of a scalar: `JSON.stringify` of a string or a number looks for no `toJSON`. */
function scalar(value: unknown): string {
  return typeof value === "bigint" ? value.toString() : JSON.stringify(value);
}
