import type { Instance } from "../instance/instance.js";
import { writeJson } from "../values/json-text.js";
import { sourceOf, type Stored } from "../values/source.js";
import { CONTEXT, ENTRY, STATE } from "./fields.js";

/** The keys whose empty value is null. All others read null as Elixir does: as empty. */
const NULLABLE: readonly string[] = [STATE.currentStep, ENTRY.contextUpdates];

/** Whether a stored object has these keys and no others, and null only for those that can be null. */
export function hasExactly(stored: Stored, keys: readonly string[]): boolean {
  for (const key of Object.keys(stored)) if (!keys.includes(key)) return false;
  for (const key of keys) if (!Object.hasOwn(stored, key) || (stored[key] === null && !NULLABLE.includes(key))) return false;
  return true;
}

/** Whether a copy of an instance lacks JSON that a part of the instance was read from, as one by `structuredClone` or JSON does. */
export function lacksSource(copy: Instance, instance: Instance): boolean {
  const copies = sourcesOf(copy);
  return sourcesOf(instance).some((source, part) => source !== undefined && copies[part] === undefined);
}

function sourcesOf({ context, executionHistory, ...instance }: Instance): (Stored | undefined)[] {
  return [instance, context, ...executionHistory].map(sourceOf);
}

/** What to store for a value: with the keys of the JSON it was read from that we don't know, and empty ones as they were there: missing, or null. */
export function restore(stored: Stored, json: Stored, keep: (value: unknown, key: string) => unknown): Stored {
  const restored: Record<string, unknown> = {};
  const add = (key: string, part: unknown): unknown => Object.defineProperty(restored, key, { value: part, enumerable: true });
  for (const [key, part] of Object.entries(stored)) if (!Object.hasOwn(json, key)) add(key, keep(part, key));
  for (const [key, part] of Object.entries(json)) {
    if (!isEmpty(key, part)) add(key, part);
    else if (Object.hasOwn(stored, key)) add(key, stored[key] === null ? null : part);
  }
  return restored;
}

function isEmpty(key: string, part: unknown): boolean {
  if (NULLABLE.includes(key)) return part === null;
  return typeof part === "object" && part !== null && Object.keys(part).length === 0;
}

/**
 * A context with both of its parts, if one that was read without them was changed since: HephaestusEcto reads a context
 * with one of them as empty, and would lose the other with its next put.
 */
export function completeContext(context: Stored, unchanged: Stored): Stored {
  const keys = Object.values(CONTEXT);
  if (keys.every((key) => (context[key] ?? null) !== null) || keys.every((key) => isSame(context[key], unchanged[key]))) return context;
  return { ...context, ...Object.fromEntries(keys.map((key) => [key, context[key] ?? {}])) };
}

function isSame(a: unknown, b: unknown): boolean {
  return writeJson(a ?? null) === writeJson(b ?? null);
}
