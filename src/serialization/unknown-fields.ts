import { isObject } from "../instance/check.js";

/** A stored object, as JSON holds it. */
export type Stored = Readonly<Record<string, unknown>>;

// Where writing a value that was read would not give its JSON again (keys unknown or missing, names in
// another order), the value holds the JSON it was read from. Spread copies carry it along.
const source: unique symbol = Symbol.for("hephaestus-prisma.source");

/** The value, with the JSON it was read from where writing it alone would not give that again. */
export function withSource<T extends object>(stored: Stored, canonical: boolean, value: T): T {
  return canonical ? value : { ...value, [source]: stored };
}

/** The JSON that a value was read from, where it holds it. */
export function sourceOf(value: unknown): Stored | undefined {
  const stored: unknown = isObject(value) ? Reflect.get(value, source) : undefined;
  return isObject(stored) ? stored : undefined;
}

/** Whether a stored object has these keys and no others. */
export function hasExactly(stored: Stored, keys: readonly string[]): boolean {
  for (const key in stored) if (!keys.includes(key)) return false; // parsed JSON inherits nothing
  for (const key of keys) if (stored[key] === undefined) return false;
  return true;
}

/** What to store for a value that was read from `stored`: with the keys that we don't know, without empty ones that it lacked. */
export function restore(stored: Stored | undefined, keep: (value: unknown, path: string) => unknown, json: Stored): Stored {
  if (stored === undefined) return json;
  const unknown = Object.entries(stored).filter(([key]) => !Object.hasOwn(json, key));
  const known = Object.entries(json).filter(([key, value]) => Object.hasOwn(stored, key) || !readsAsMissing(key, value));
  return Object.fromEntries([...unknown.map(([key, value]): [string, unknown] => [key, keep(value, `state.${key}`)]), ...known]);
}

/** Whether a value is what its key reads as where it is missing. */
function readsAsMissing(key: string, value: unknown): boolean {
  if (key === "current_step" || key === "context_updates") return value === null;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
