import { isEscaped } from "./string-scan.js";

// Every recursion between here and the database must be able to follow: superjson's, Prisma's, PostgreSQL's.
export const MAX_DEPTH = 500;

/**
 * Whether a value is plain JSON, but for what its strings and keys hold: the fast answer for almost every state. What
 * it denies, `inspect` looks at again, with time for a path and a reason.
 */
export function isPlain(value: unknown, depth = 0): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0);
    case "object":
      if (value === null) return true;
      if (depth >= MAX_DEPTH) return false;
      return Array.isArray(value) ? isPlainArray(value, depth + 1) : isPlainObject(value, depth + 1);
    default:
      return false;
  }
}

/** The JSON text of a plain value, or `null` if a string or key in it holds what PostgreSQL rejects or UTF-8 changes. */
export function plainText(value: object): string | null {
  const text = JSON.stringify(value);
  return hasUnstorable(text) ? null : text;
}

/** JSON.stringify escapes NUL and lone surrogates, and only those so: `\u0000` and `\ud83d`, after no other backslash. */
function hasUnstorable(text: string): boolean {
  for (let index = text.indexOf("\\u"); index !== -1; index = text.indexOf("\\u", index + 1))
    if ((text.startsWith("0000", index + 2) || /d[89a-f]/.test(text.slice(index + 2, index + 4))) && !isEscaped(text, index)) return true;
  return false;
}

function isPlainArray(array: readonly unknown[], depth: number): boolean {
  if (Object.getPrototypeOf(array) !== Array.prototype || Reflect.ownKeys(array).length !== array.length + 1) return false;
  for (let index = 0; index < array.length; index++) if (!isPlain(array[index], depth)) return false; // a hole is undefined here
  return true;
}

function isPlainObject(object: object, depth: number): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) return false;
  const keys = Object.keys(object);
  if (Reflect.ownKeys(object).length !== keys.length) return false; // symbols, hidden ones
  for (const key of keys) if (key === "__proto__" || !isPlain(object[key as keyof typeof object], depth)) return false;
  return true;
}
