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

/** The JSON text of a plain value, or `null` where a string or key in it holds what PostgreSQL refuses or UTF-8 bends. */
export function plainText(value: object): string | null {
  const text = JSON.stringify(value);
  return text.includes("\\u") && ESCAPED.test(text) ? null : text;
}

// JSON.stringify escapes NUL and lone surrogates, and only those so: `\u0000` and `\ud83d`, behind no other backslash.
const ESCAPED = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

function isPlainArray(array: readonly unknown[], depth: number): boolean {
  if (Object.getPrototypeOf(array) !== Array.prototype || Object.keys(array).length !== array.length) return false;
  for (const item of array) if (!isPlain(item, depth)) return false; // a hole is undefined here
  return true;
}

function isPlainObject(object: object, depth: number): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  if ((prototype !== Object.prototype && prototype !== null) || Object.getOwnPropertySymbols(object).length > 0) return false;
  for (const key of Object.keys(object)) if (key === "__proto__" || !isPlain(object[key as keyof typeof object], depth)) return false;
  return true;
}
