import { checkText } from "./check.js";
import { kindOf } from "./describe.js";
import { NotSerializableError } from "./errors.js";

/** A value as JSON holds it. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** An object as JSON holds it. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

// Deeper than any state of a real workflow, shallow enough for every recursion between here and the database.
const MAX_DEPTH = 500;

/** The value itself, once it is sure that JSON and PostgreSQL give it back as it is. */
export function encode(value: unknown, path: string, depth = 0): JsonValue {
  switch (typeof value) {
    case "string":
      return keep(value, path);
    case "boolean":
      return value;
    case "number":
      if (!Number.isFinite(value) || Object.is(value, -0)) return refuse(path, `${Object.is(value, -0) ? "-0" : value} is not JSON`);
      return value;
    case "object":
      if (value === null) return null;
      if (depth > MAX_DEPTH) return refuse(path.slice(0, 200), `nested deeper than ${MAX_DEPTH} levels, or in a cycle`);
      return Array.isArray(value) ? encodeArray(value, path, depth) : encodeObject(value, path, depth);
    default:
      return refuse(path, `expected a JSON value, found ${kindOf(value)}`);
  }
}

function encodeArray(array: readonly unknown[], path: string, depth: number): JsonValue {
  return array.map((item, index) => encode(item, `${path}[${index}]`, depth + 1));
}

function encodeObject(object: object, path: string, depth: number): JsonObject {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) return refuse(path, `expected a JSON value, found ${kindOf(object)}`);
  if (Object.getOwnPropertySymbols(object).length > 0) return refuse(path, "has a symbol as a key");
  const json: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(object)) {
    const place = /^[\w$]+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
    if (key === "__proto__") return refuse(place, "the key __proto__ is not kept by JavaScript's JSON tools");
    keep(key, place);
    json[key] = encode(value, place, depth + 1);
  }
  return json;
}

function keep(text: string, path: string): string {
  return checkText(text, (problem) => refuse(path, problem));
}

function refuse(path: string, problem: string): never {
  throw new NotSerializableError(path, `${path} can't be stored: ${problem}`);
}
