import { isObject } from "../runtime/native-types.js";
import type { BigIntegers } from "./big-integers.js";
import { reviveError } from "./error-reader.js";
import { reviverOf } from "./scalar-reader.js";
import { InvalidTypesError, readTypes, type TypesNode } from "./type-paths.js";

/**
 * The value that JSON was, by its types. Stored data is untrusted: each value is checked to be what the writer writes, so
 * that nothing is lost with the next write, and nothing is made that is larger than its JSON.
 *
 * @throws {InvalidTypesError} if JSON and types don't fit.
 */
export function revive(json: unknown, { type, parts }: TypesNode, bigIntegers: BigIntegers): unknown {
  const value = parts.size === 0 ? json : reviveParts(json, parts, bigIntegers);
  if (type === undefined) return value;
  if (!Array.isArray(type)) return reviverOf(type)(value, bigIntegers);
  const [kind, detail, ...more] = type as readonly unknown[];
  if (kind !== "error" || more.length > 0) throw new InvalidTypesError();
  return reviveError(value, detail, (rest, values) => revive(rest, readTypes(values), bigIntegers));
}

function reviveParts(json: unknown, parts: TypesNode["parts"], bigIntegers: BigIntegers): unknown {
  const copy: unknown = Array.isArray(json) ? [...(json as unknown[])] : isObject(json) ? { ...json } : null;
  if (typeof copy !== "object" || copy === null) throw new InvalidTypesError();
  for (const [key, node] of parts) {
    const descriptor = Reflect.getOwnPropertyDescriptor(copy, key);
    if (descriptor?.enumerable !== true) throw new InvalidTypesError();
    Object.defineProperty(copy, key, { ...descriptor, value: revive(descriptor.value, node, bigIntegers) });
  }
  return copy;
}
