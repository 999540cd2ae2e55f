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
