import { isObject } from "../runtime/native-types.js";
import { type ErrorName, isErrorName } from "./classes.js";
import { SHOWN } from "./error-writer.js";
import { InvalidTypesError } from "./type-paths.js";

/** How to make an empty error of each class. */
const EMPTY: Readonly<Record<ErrorName, () => Error>> = {
  Error: () => new Error(),
  EvalError: () => new EvalError(),
  RangeError: () => new RangeError(),
  ReferenceError: () => new ReferenceError(),
  SyntaxError: () => new SyntaxError(),
  TypeError: () => new TypeError(),
  URIError: () => new URIError(),
  AggregateError: () => new AggregateError([]),
};

/**
 * Restores an error; `revive` restores its other properties.
 *
 * @throws {InvalidTypesError} if it isn't what was written of one.
 */
export function reviveError(shown: unknown, detail: unknown, revive: (json: object, values: unknown) => unknown): Error {
  const { class: name, rest, values, ...more } = objectOf(detail);
  const { name: shownName, ...texts } = objectOf(shown);
  if (!isErrorName(name) || typeof shownName !== "string" || Object.keys(more).length > 0) throw new InvalidTypesError();
  if (!Object.entries(texts).every(([key, value]) => SHOWN.includes(key) && typeof value === "string")) throw new InvalidTypesError();
  const others = rest === undefined ? {} : objectOf(values === undefined ? rest : revive(objectOf(rest), values));
  if ((rest === undefined) !== (Object.keys(others).length === 0) || (rest === undefined && values !== undefined))
    throw new InvalidTypesError();
  // What is a text is shown, and shown once.
  if (SHOWN.some((key) => Object.hasOwn(others, key) && (typeof others[key] === "string" || Object.hasOwn(texts, key))))
    throw new InvalidTypesError();
  if (Object.hasOwn(others, "name") && shownName !== name) throw new InvalidTypesError();
  const error = EMPTY[name]();
  for (const key of Reflect.ownKeys(error)) Reflect.deleteProperty(error, key);
  const properties = { ...(shownName !== name && { name: shownName }), ...texts, ...others };
  for (const [key, value] of Object.entries(properties))
    Object.defineProperty(error, key, { value, enumerable: !isHidden(key, name), writable: true, configurable: true });
  return error;
}

/** Whether JavaScript itself hides a property. */
function isHidden(key: string, name: ErrorName): boolean {
  return key === "message" || key === "stack" || key === "cause" || (key === "errors" && name === "AggregateError");
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (!isObject(value)) throw new InvalidTypesError();
  return value;
}
