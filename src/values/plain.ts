import { isEscaped } from "./string-scan.js";

/** How deep a stored state may be nested. PostgreSQL, Prisma and every recursion in between can follow. */
export const MAX_DEPTH = 1_000;

/**
 * A copy of a value that is plain JSON, but for what its strings and keys hold; `undefined` for any other. The fast way for
 * almost every state: each part is read once. What it denies, `writeValue` looks at again, with time for a path and a reason.
 */
export function copyPlain(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      // Of the larger ones, some need a type; NaN is within no bounds.
      return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER && !Object.is(value, -0) ? value : undefined;
    case "object":
      if (value === null) return value;
      if (depth >= MAX_DEPTH) return undefined;
      return Array.isArray(value) ? copyArray(value, depth + 1) : copyObject(value, depth + 1);
    default:
      return undefined;
  }
}

/** Whether a JSON text holds what PostgreSQL rejects or UTF-8 changes: `JSON.stringify` escapes NUL and lone surrogates, and only those so. */
export function hasUnstorable(text: string): boolean {
  for (let index = text.indexOf("\\u"); index !== -1; index = text.indexOf("\\u", index + 1))
    if ((text.startsWith("0000", index + 2) || /d[89a-f]/.test(text.slice(index + 2, index + 4))) && !isEscaped(text, index)) return true;
  return false;
}

function copyArray(array: readonly unknown[], depth: number): unknown {
  if (Object.getPrototypeOf(array) !== Array.prototype || Reflect.ownKeys(array).length !== array.length + 1) return undefined;
  const copy: unknown[] = [];
  for (const item of array) {
    const part = copyPlain(item, depth); // a hole is undefined here
    if (part === undefined) return undefined;
    copy.push(part);
  }
  return copy;
}

function copyObject(object: object, depth: number): unknown {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  const copy: Record<string, unknown> = { ...object };
  const keys = Object.keys(copy);
  if (Reflect.ownKeys(object).length !== keys.length) return undefined; // symbols, hidden ones
  for (const key of keys) {
    const part = copyPlain(copy[key], depth);
    if (part === undefined) return undefined;
    copy[key] = part;
  }
  return copy;
}
