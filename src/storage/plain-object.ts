import { isProxy } from "../runtime/native-types.js";
import { isObject } from "../runtime/native-types.js";
import type { Reject } from "../messages/reject.js";
import { kindOf } from "../messages/describe.js";

/**
 * The properties of a plain object, each read once. Of anything else, a part would go unseen: the accessors of a class, the
 * entries of a `Map`, inherited keys. What is unseen in filters would select every row.
 */
export function readPlainObject(value: unknown, reject: Reject): Readonly<Record<string, unknown>> {
  if (!isPlainObject(value)) return reject(`expected ${isObject(value) ? "a plain object" : "an object"}, found ${kindOf(value)}`);
  const entries = Reflect.ownKeys(value).map((key): [string, unknown] =>
    typeof key === "string" ? [key, Reflect.get(value, key)] : reject("expected a plain object, found one with a symbol as a key"),
  );
  return Object.fromEntries(entries);
}

// A Proxy may have what its list of keys doesn't show. Objects of another realm (jest, node:vm) have another Object.prototype.
function isPlainObject(value: unknown): value is object {
  if (!isObject(value) || isProxy(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || isObjectPrototype(prototype);
}

function isObjectPrototype(value: unknown): boolean {
  if (typeof value !== "object" || value === null || isProxy(value) || Object.getPrototypeOf(value) !== null) return false;
  return Reflect.ownKeys(value).every((key) => Object.hasOwn(Object.prototype, key));
}
