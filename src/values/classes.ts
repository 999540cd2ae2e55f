import { isDate } from "../runtime/native-types.js";

/** Name of a class of errors. */
export type ErrorName =
  | "Error"
  | "EvalError"
  | "RangeError"
  | "ReferenceError"
  | "SyntaxError"
  | "TypeError"
  | "URIError"
  | "AggregateError";

/** Name of a class of JavaScript whose instances are stored. */
export type ClassName = ErrorName | "Object" | "Array" | "Date" | "Map" | "Set";

interface Class {
  readonly prototype: object;
}

const ERRORS: Readonly<Record<ErrorName, Class>> = {
  ...{ Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError },
};
const CLASSES: Readonly<Record<ClassName, Class>> = { ...ERRORS, Object, Array, Date, Map, Set };
const NAMES: readonly ClassName[] = Object.keys(CLASSES).filter(isClassName);
const PROTOTYPES = new Map<object, ClassName>(NAMES.map((name) => [CLASSES[name].prototype, name]));

// Taken once, for an application can patch it.
const sourceText: unknown = Reflect.get(Function.prototype, "toString");

/**
 * The class of JavaScript that an object is an instance of, and of no subclass; `undefined` for others. In any realm: in
 * Jest, `structuredClone` and `response.json()` return objects that aren't `instanceof` the test's own classes.
 */
export function classOf(value: object): ClassName | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== "object" || prototype === null) return "Object";
  return PROTOTYPES.get(prototype) ?? foreignClassOf(prototype) ?? fakedClassOf(value);
}

// A Date under fake timers: of a subclass, but its own property says Date.
function fakedClassOf(value: object): ClassName | undefined {
  const type: unknown = Reflect.getOwnPropertyDescriptor(value, "constructor")?.value;
  return typeof type === "function" && isDate(value) ? PROTOTYPES.get(type.prototype as object) : undefined;
}

function foreignClassOf(prototype: object): ClassName | undefined {
  const type: unknown = Reflect.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  if (typeof type !== "function" || type.prototype !== prototype) return undefined;
  const text: unknown = typeof sourceText === "function" ? Reflect.apply(sourceText, type, []) : undefined;
  return NAMES.find((name) => text === `function ${name}() { [native code] }`);
}

export function isErrorName(name: unknown): name is ErrorName {
  return typeof name === "string" && Object.hasOwn(ERRORS, name);
}

function isClassName(name: string): name is ClassName {
  return Object.hasOwn(CLASSES, name);
}
