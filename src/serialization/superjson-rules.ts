import { SuperJSON } from "superjson";
import { isObject, isStorableText } from "../instance/check.js";
import { survivesAsNumber } from "./exact-json.js";

/** The prototypes of the typed arrays that are kept. A Buffer has none of them: say `new Uint8Array(buffer)`. */
export const TYPED_ARRAY_PROTOTYPES: readonly unknown[] = [
  ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array],
  ...[Float32Array, Float64Array, BigInt64Array, BigUint64Array],
].map((type): unknown => type.prototype);

/** How to make an empty error of each class that is kept. */
const ERRORS: Readonly<Record<string, () => Error>> = {
  Error: () => new Error(),
  EvalError: () => new EvalError(),
  RangeError: () => new RangeError(),
  ReferenceError: () => new ReferenceError(),
  SyntaxError: () => new SyntaxError(),
  TypeError: () => new TypeError(),
  URIError: () => new URIError(),
  AggregateError: () => new AggregateError([]),
};

/** The prototypes of the errors that are kept, with all properties of their own. */
export const ERROR_PROTOTYPES: readonly unknown[] = Object.values(ERRORS).map((create): unknown => Object.getPrototypeOf(create()));

/**
 * A rule of superjson's, with the types that it really has: what a rule answers is walked further, and need not be
 * JSON yet. What `deserialize` gets is what `serialize` answered, or a hand's doing: then it throws, and the row is corrupt.
 */
interface Rule<Rich> {
  isApplicable(value: unknown): value is Rich;
  serialize(value: Rich): unknown;
  deserialize(stored: unknown): unknown;
}

// PostgreSQL refuses NUL, and UTF-8 has no lone surrogates: they become \uXXXX, and \ becomes \\.
const text: Rule<string> = {
  isApplicable: (value): value is string => typeof value === "string" && !isStorableText(value),
  serialize: (value) =>
    value.replace(/[\\\0]|\p{Surrogate}/gu, (unit) => (unit === "\\" ? "\\\\" : `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)),
  deserialize: (stored) =>
    String(stored).replace(/\\(?:\\|u([0-9a-f]{4}))/g, (_, unit?: string) =>
      unit === undefined ? "\\" : String.fromCharCode(Number.parseInt(unit, 16)),
    ),
};

// superjson refuses these keys: https://github.com/flightcontrolhq/superjson/issues/279. One more backslash before them, and it doesn't.
const keys: Rule<object> = {
  isApplicable: (value): value is object => isObject(value) && Object.keys(value).some((key) => /^\\*(constructor|prototype)$/.test(key)),
  serialize: (value) => renameKeys(value, (key) => key.replace(/^\\*(constructor|prototype)$/, "\\$&")),
  deserialize: (stored) => renameKeys(stored as object, (key) => key.replace(/^\\(\\*(constructor|prototype))$/, "$1")),
};

// superjson keeps the name, the message and the cause of an Error, and of a TypeError no more than that it was an Error.
const error: Rule<Error> = {
  isApplicable: (value): value is Error => value instanceof Error,
  serialize: (value) => ({
    class: value.constructor.name,
    properties: Object.fromEntries(Object.getOwnPropertyNames(value).map((name): [string, unknown] => [name, Reflect.get(value, name)])),
  }),
  deserialize(stored) {
    const { class: name, properties } = stored as { class: string; properties: object };
    const restored = ERRORS[name]?.() ?? new Error();
    for (const own of Object.getOwnPropertyNames(restored)) Reflect.deleteProperty(restored, own);
    for (const [key, value] of Object.entries(properties))
      Object.defineProperty(restored, key, {
        value,
        writable: true,
        configurable: true,
        enumerable: !["message", "stack", "cause", "errors"].includes(key),
      });
    return restored;
  },
};

// superjson's typed arrays lose NaN, the infinities and -0, and it has none of BigInts.
const numbers: Rule<SpecialArray> = {
  isApplicable: (value): value is SpecialArray => NUMBERS.some((type) => value instanceof type),
  serialize: (value) => ({ class: value.constructor.name, items: [...value].map((item) => (Object.is(item, -0) ? "-0" : String(item))) }),
  deserialize(stored) {
    const { class: name, items } = stored as { class: string; items: string[] };
    if (name === "BigInt64Array") return BigInt64Array.from(items, BigInt);
    if (name === "BigUint64Array") return BigUint64Array.from(items, BigInt);
    return name === "Float32Array" ? Float32Array.from(items, Number) : Float64Array.from(items, Number);
  },
};
const NUMBERS = [Float32Array, Float64Array, BigInt64Array, BigUint64Array] as const;
type SpecialArray = InstanceType<(typeof NUMBERS)[number]>;

// An integer that no JavaScript number can hold, where it shall stay a JSON number: see `stringifyExact`.
const integer: Rule<bigint> = {
  isApplicable: (value): value is bigint => typeof value === "bigint" && !survivesAsNumber(value),
  serialize: (value) => value,
  deserialize: (stored) => stored,
};

/**
 * superjson, and the rules that it lacks. The rules' names are stored: they must never change. With `exactIntegers`,
 * BigInts that no number can hold are left for the JSON text.
 */
export function createSuperJson(exactIntegers: boolean): SuperJSON {
  const superjson = new SuperJSON();
  const rules = { text, keys, error, numbers, ...(exactIntegers && { integer }) };
  for (const [name, rule] of Object.entries(rules)) superjson.registerCustom(rule as Parameters<SuperJSON["registerCustom"]>[0], name);
  return superjson;
}

function renameKeys(object: object, rename: (key: string) => string): object {
  return Object.fromEntries(Object.entries(object).map(([key, value]): [string, unknown] => [rename(key), value]));
}
