import { isStorableText } from "../instance/check.js";
import type { Segment } from "../messages/path.js";
import type { Type, TypePaths } from "./type-paths.js";

/** Where what a value was is noted: under its path in the stored JSON. */
export interface Target {
  readonly storedPath: string;
  readonly types: TypePaths;
}

/** What the writing of an object can do. */
export interface ObjectWriter {
  /** Notes what the object was. */
  is(type: Type): void;
  /** Reads a part, once, and writes it. */
  part(segment: Segment, storedKey: string, read: () => unknown, into?: Target): unknown;
  /** Rejects the object, or a part of it. */
  reject(problem: string, segment?: Segment): never;
}

/** A key that can be stored. */
export function checkKey(key: string | symbol, writer: ObjectWriter): string {
  if (typeof key === "symbol") return writer.reject("a property with a symbol as its key would be lost");
  return isStorableText(key) ? key : writer.reject("PostgreSQL can't store a key with a NUL character or a lone surrogate", key);
}

/** Whether a property of an object is data to JSON. */
export function isEnumerable(object: object, key: string | symbol): boolean {
  return Reflect.getOwnPropertyDescriptor(object, key)?.enumerable === true;
}
