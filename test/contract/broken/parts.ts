import type { Instance } from "hephaestus-prisma";
import { broken, type BrokenStorage } from "./broken-storage.js";

/** Changes the metadata of each instance on its way into the storage. */
export function losing(fault: string, caughtBy: readonly string[], map: (part: unknown) => unknown): BrokenStorage {
  return broken(fault, caughtBy, (storage) => ({
    put(instance, options) {
      return storage.put(lossyCopy(instance, map), options);
    },
  }));
}

/** An instance with some parts of its metadata replaced; what can't be read stays what it is. */
function lossyCopy(instance: Instance, map: (part: unknown) => unknown): Instance {
  try {
    const runtimeMetadata = mapParts(instance?.runtimeMetadata, map) as Instance["runtimeMetadata"];
    return instance && { ...instance, runtimeMetadata };
  } catch {
    return instance;
  }
}

/** A value with some of its parts replaced, at every depth of plain objects and arrays. What has none stays what it is. */
function mapParts(value: unknown, map: (part: unknown) => unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null || depth > 100) return map(value);
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return map(value);
  if (Object.values(Object.getOwnPropertyDescriptors(value)).some((property) => !("value" in property))) return value; // a getter is read once
  const entries = Object.entries(value).map(([key, item]) => [key, item as unknown, mapParts(item, map, depth + 1)] as const);
  if (entries.every(([, item, mapped]) => Object.is(item, mapped))) return value;
  return Array.isArray(value) ? entries.map(([, , mapped]) => mapped) : Object.fromEntries(entries.map(([key, , mapped]) => [key, mapped]));
}

/** Rejects puts of instances with some parts in their metadata. */
export function rejecting(fault: string, caughtBy: readonly string[], isBad: (part: unknown) => boolean): BrokenStorage {
  return broken(fault, caughtBy, (storage) => ({
    async put(instance, options) {
      let found = false;
      lossyCopy(instance, (part) => ((found ||= isBad(part)), part));
      if (found) throw new TypeError("it can't be stored");
      await storage.put(instance, options);
    },
  }));
}

/** A copy by assignment, which keys `__proto__` don't survive; the same value if it has none. */
export function withoutProto<Value>(value: Value): Value {
  return JSON.stringify(value).includes('"__proto__"') ? (assigned(value) as Value) : value;
}

function assigned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(assigned);
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(value)) copy[key] = assigned(part);
  return copy;
}
