/** Name of a class of typed arrays. A Buffer is of none of them: say `new Uint8Array(buffer)`. */
export type TypedArrayName =
  | ("Int8Array" | "Uint8Array" | "Uint8ClampedArray" | "Int16Array" | "Uint16Array" | "Int32Array" | "Uint32Array")
  | ("Float32Array" | "Float64Array" | "BigInt64Array" | "BigUint64Array");

/** Name of a class of errors. */
export type ErrorName =
  ("Error" | "EvalError" | "RangeError" | "ReferenceError" | "SyntaxError" | "TypeError" | "URIError") | "AggregateError";

/** Name of a class of JavaScript whose instances are kept. */
export type NativeClass = TypedArrayName | ErrorName | "Object" | "Array" | "Date" | "RegExp" | "URL" | "Map" | "Set";

interface Class {
  readonly prototype: object;
}

const TYPED_ARRAYS: Readonly<Record<TypedArrayName, Class>> = {
  ...{ Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array },
  ...{ Float32Array, Float64Array, BigInt64Array, BigUint64Array },
};
const ERRORS: Readonly<Record<ErrorName, Class>> = {
  ...{ Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError },
};
const CLASSES: Readonly<Record<NativeClass, Class>> = { ...TYPED_ARRAYS, ...ERRORS, Object, Array, Date, RegExp, URL, Map, Set };
const NAMES: readonly NativeClass[] = Object.keys(CLASSES).filter(isClassName);
const PROTOTYPES = new Map<object, NativeClass>(NAMES.map((name) => [CLASSES[name].prototype, name]));

// Taken once, for an application can patch it.
const sourceText: unknown = Reflect.get(Function.prototype, "toString");

/**
 * The class of JavaScript that an object is an instance of, and of no subclass; `undefined` for others. In any realm: in
 * Jest, `structuredClone` and `response.json()` return objects that aren't `instanceof` the test's own classes.
 */
export function nativeClassOf(value: object): NativeClass | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== "object" || prototype === null) return "Object";
  return PROTOTYPES.get(prototype) ?? foreignClassOf(prototype);
}

function foreignClassOf(prototype: object): NativeClass | undefined {
  // URL is not a class of the language: each environment has its own.
  if (Reflect.getOwnPropertyDescriptor(prototype, Symbol.toStringTag)?.value === "URL") return "URL";
  const type: unknown = Reflect.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  if (typeof type !== "function" || type.prototype !== prototype) return undefined;
  const text: unknown = typeof sourceText === "function" ? Reflect.apply(sourceText, type, []) : undefined;
  return NAMES.find((name) => text === `function ${name}() { [native code] }`);
}

export function isTypedArrayName(name: unknown): name is TypedArrayName {
  return typeof name === "string" && Object.hasOwn(TYPED_ARRAYS, name);
}

export function isErrorName(name: unknown): name is ErrorName {
  return typeof name === "string" && Object.hasOwn(ERRORS, name);
}

function isClassName(name: string): name is NativeClass {
  return Object.hasOwn(CLASSES, name);
}
