import { isObject } from "../runtime/native-types.js";

/** A stored object, as JSON holds it. */
export type Stored = Readonly<Record<string, unknown>>;

// If writing a value that was read would not give its JSON again (keys unknown or missing, names in
// another order), the value holds the JSON it was read from. Spread copies carry it along.
const source: unique symbol = Symbol.for("hephaestus-prisma.source");

/** Whether a key is our own mark, which values that were read can have: it is never stored. */
export function isSource(key: PropertyKey): boolean {
  return key === source;
}

/** The value, with the JSON it was read from if writing it alone would not give that again. */
export function withSource<T extends object>(stored: Stored, canonical: boolean, value: T): T {
  return canonical ? value : { ...value, [source]: stored };
}

/** The JSON that a value was read from, if it holds it. */
export function sourceOf(value: unknown): Stored | undefined {
  const stored: unknown = isObject(value) ? Reflect.get(value, source) : undefined;
  return isObject(stored) ? stored : undefined;
}

/** Whether a stored object has these keys and no others, and null only for those that can be null. */
export function hasExactly(stored: Stored, keys: readonly string[]): boolean {
  for (const key of Object.keys(stored)) if (!keys.includes(key)) return false;
  for (const key of keys) if (!Object.hasOwn(stored, key) || (stored[key] === null && !NULLABLE.includes(key))) return false;
  return true;
}

/** The keys whose empty value is null. All others read null as Elixir does: as empty. */
const NULLABLE: readonly string[] = ["current_step", "context_updates"];

/** What to store for a value that was read from `stored`: with the keys that we don't know, and empty ones as they were: missing, or null. */
export function restore(
  stored: Stored | undefined,
  keep: (value: unknown, path: string) => unknown,
  json: Stored,
  isEmpty: (value: unknown) => boolean,
): Stored {
  if (stored === undefined) return json;
  const unknown = Object.entries(stored).filter(([key]) => !Object.hasOwn(json, key));
  const known = Object.entries(json).flatMap(([key, value]): [string, unknown][] => {
    if (NULLABLE.includes(key) ? value !== null : !isEmpty(value)) return [[key, value]];
    if (!Object.hasOwn(stored, key)) return [];
    return [[key, stored[key] === null ? null : value]];
  });
  return Object.fromEntries([...unknown.map(([key, value]): [string, unknown] => [key, keep(value, `state.${key}`)]), ...known]);
}
