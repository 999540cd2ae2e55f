import { isObject } from "../runtime/native-types.js";
import { HIDDEN, SHOWN } from "./error-detail.js";
import { BentMeta } from "./meta.js";
import { type ErrorName, isErrorName } from "./native-class.js";

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
 * @throws {BentMeta} if it isn't what was written of one.
 */
export function reviveError(shown: unknown, detail: unknown, revive: (json: object, values: unknown) => unknown): Error {
  const { class: name, named, unusual = [], rest = {}, values, ...more } = objectOf(detail);
  const { name: shownName, ...others } = objectOf(shown);
  const isNamed = named === true;
  const properties = { ...(isNamed && { name: shownName }), ...others };
  if (!isErrorName(name) || Object.keys(more).length > 0 || (named !== undefined && !isNamed)) throw new BentMeta();
  if (typeof shownName !== "string" || (!isNamed && shownName !== name)) throw new BentMeta();
  if (!Object.entries(others).every(([key, value]) => SHOWN.includes(key) && typeof value === "string")) throw new BentMeta();
  const revived = objectOf(values === undefined ? rest : revive(objectOf(rest), values));
  const all = { ...properties, ...revived };
  if (!Array.isArray(unusual) || !unusual.every((key) => typeof key === "string" && Object.hasOwn(all, key))) throw new BentMeta();
  if (Object.keys(revived).some((key) => Object.hasOwn(properties, key))) throw new BentMeta();
  const error = EMPTY[name]();
  for (const key of Reflect.ownKeys(error)) Reflect.deleteProperty(error, key);
  for (const [key, value] of Object.entries(all)) {
    const enumerable = HIDDEN.includes(key) === unusual.includes(key);
    Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true });
  }
  return error;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (!isObject(value)) throw new BentMeta();
  return value;
}
