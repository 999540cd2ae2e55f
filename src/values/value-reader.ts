import { isObject } from "../runtime/native-types.js";
import { copyAsStored } from "./as-stored.js";
import { integerOf } from "./decimal.js";
import { unescapeText, escapeText } from "./escaped-text.js";
import { reviveError } from "./error-reader.js";
import { BentMeta, type MetaNode, readTree } from "./meta.js";
import { MAX_DEPTH } from "./plain.js";
import { isTypedArrayName, type TypedArrayName } from "./native-class.js";
import { hrefOf, jsonOfItem } from "./native-parts.js";
import { MAX_BIGINT_DIGITS } from "./scalar-writer.js";

/**
 * The value that JSON was, by its meta. What stands in the table is data of anybody: each value is checked to be what
 * the writer writes, so that nothing is lost with the next write, and nothing is made that is larger than its JSON.
 *
 * @throws {BentMeta} if JSON and meta don't fit.
 */
export function revive(json: unknown, { type, parts }: MetaNode, errors = 0): unknown {
  const value = parts.size === 0 ? json : reviveParts(json, parts, errors);
  if (type === undefined) return value;
  if (typeof type === "string") return reviverOf(type)(value);
  if (!Array.isArray(type) || type.length !== 2) throw new BentMeta();
  const [kind, detail] = type as readonly unknown[];
  if (kind === "error" && errors < MAX_DEPTH)
    return reviveError(value, detail, (rest, values) => revive(rest, readTree(values), errors + 1));
  if (kind === "typed-array" && isTypedArrayName(detail)) return reviveTypedArray(value, detail);
  if (kind === "custom" && typeof detail === "string") return reviverOf(`custom ${detail}`)(value);
  throw new BentMeta();
}

function reviveParts(json: unknown, parts: MetaNode["parts"], errors: number): unknown {
  const copy: unknown = Array.isArray(json) ? [...(json as unknown[])] : isObject(json) ? { ...json } : null;
  if (typeof copy !== "object" || copy === null) throw new BentMeta();
  for (const [key, node] of parts) {
    const descriptor = Reflect.getOwnPropertyDescriptor(copy, key);
    if (descriptor?.enumerable !== true) throw new BentMeta();
    Object.defineProperty(copy, key, { ...descriptor, value: revive(descriptor.value, node, errors) });
  }
  copyAsStored(Object(json) as object, copy);
  return copy;
}

type Reviver = (json: unknown) => unknown;

// No object: data could name what it inherits.
const REVIVERS = new Map<string, Reviver>([
  ["undefined", (json) => (json === null ? undefined : bent())],
  ["number", (json) => (typeof json === "string" && /^(?:NaN|-?Infinity|-0)$/.test(json) ? Number(json) : bent())],
  ["bigint", reviveBigInt],
  [
    "Date",
    (json) =>
      same(
        json,
        (text) => new Date(text),
        (date) => (Number.isNaN(date.getTime()) ? null : date.toISOString()),
      ),
  ],
  ["URL", (json) => (typeof json === "string" && hrefOf(json) === json ? new URL(json) : bent())],
  ["regexp", (json) => same(json, regExpOf, String)],
  [
    "custom regexp",
    (json) =>
      same(
        json,
        (text) => regExpOf(unescapeText(text)),
        (regExp) => escapeText(String(regExp)),
      ),
  ],
  ["custom text", (json) => same(json, unescapeText, escapeText)],
  ["set", (json) => (Array.isArray(json) ? sized(new Set<unknown>(json), json.length) : bent())],
  ["map", (json) => (isPairs(json) ? sized(new Map(json), json.length) : bent())],
]);

function reviverOf(type: string): Reviver {
  return REVIVERS.get(type) ?? bent();
}

function bent(): never {
  throw new BentMeta();
}

/** What a text says, if that is written as this text. */
function same<Value>(json: unknown, read: (text: string) => Value, write: (value: Value) => string | null): Value {
  if (typeof json !== "string") return bent();
  const value = read(json);
  return write(value) === json ? value : bent();
}

function regExpOf(text: string): RegExp {
  const end = text.lastIndexOf("/");
  return new RegExp(text.slice(1, end), text.slice(end + 1));
}

function reviveBigInt(json: unknown): bigint {
  if (typeof json === "number" && Number.isInteger(json)) return integerOf(String(json));
  if (typeof json !== "string" || json.length > MAX_BIGINT_DIGITS + 1 || !/^(?:0|-?[1-9]\d*)$/.test(json)) return bent();
  return BigInt(json);
}

function sized<Value extends { readonly size: number }>(value: Value, size: number): Value {
  return value.size === size ? value : bent();
}

function isPairs(json: unknown): json is [unknown, unknown][] {
  return Array.isArray(json) && json.every((pair) => Array.isArray(pair) && pair.length === 2);
}

const TYPED_ARRAYS: Readonly<Record<TypedArrayName, (items: readonly unknown[]) => ArrayBufferView & Iterable<unknown>>> = {
  Int8Array: (items) => Int8Array.from(items, Number),
  Uint8Array: (items) => Uint8Array.from(items, Number),
  Uint8ClampedArray: (items) => Uint8ClampedArray.from(items, Number),
  Int16Array: (items) => Int16Array.from(items, Number),
  Uint16Array: (items) => Uint16Array.from(items, Number),
  Int32Array: (items) => Int32Array.from(items, Number),
  Uint32Array: (items) => Uint32Array.from(items, Number),
  Float32Array: (items) => Float32Array.from(items, Number),
  Float64Array: (items) => Float64Array.from(items, Number),
  BigInt64Array: (items) => BigInt64Array.from(items, bigIntOf),
  BigUint64Array: (items) => BigUint64Array.from(items, bigIntOf),
};

function reviveTypedArray(json: unknown, name: TypedArrayName): unknown {
  if (!Array.isArray(json) || !json.every((item) => typeof item === "number" || typeof item === "string")) return bent();
  const array = TYPED_ARRAYS[name](json);
  let index = 0;
  for (const item of array) if (jsonOfItem(item) !== json[index++]) return bent();
  return array;
}

function bigIntOf(item: unknown): bigint {
  return typeof item === "string" && item.length <= 20 ? BigInt(item) : bent();
}
