import type { Fail } from "../messages/reject.js";
import { kindOf } from "../messages/describe.js";
import { formatPath } from "../messages/path.js";
import { isSource } from "./unknown-fields.js";

export const INSTANCE_FIELDS: readonly string[] = [
  ...["id", "workflow", "workflowVersion", "status", "currentStep", "context", "stepConfigs"],
  ...["activeSteps", "completedSteps", "executionHistory", "runtimeMetadata"],
];
export const CONTEXT_FIELDS: readonly string[] = ["initial", "steps"];
export const ENTRY_FIELDS: readonly string[] = ["stepRef", "event", "timestamp", "contextUpdates"];

/** Rejects properties that would be lost: the types allow them, and the stored form has no place for them. */
export function checkKeys(value: object, fields: readonly string[], path: string, fail: Fail): void {
  for (const key of Reflect.ownKeys(value))
    if (typeof key === "symbol" ? !isSource(key) : !fields.includes(key))
      fail(placeOf(path, key), fields.length === 0 ? LOST : `there is no such field; there are ${fields.join(", ")}`);
}

/** An array, without holes and without properties that would be lost. */
export function checkList<Item>(list: readonly Item[], path: string, fail: Fail): readonly Item[] {
  const found: unknown = list;
  if (!Array.isArray(found)) return fail(path, `expected an array, found ${kindOf(found)}`);
  for (let index = 0; index < list.length; index++)
    if (!Object.hasOwn(list, index)) fail(`${path}[${index}]`, "expected an item, found a hole");
  // The items are the first of an array's keys.
  for (const key of Reflect.ownKeys(list).slice(list.length)) if (key !== "length") fail(placeOf(path, key), LOST);
  return list;
}

const LOST = "a property of its own would be lost";

function placeOf(path: string, key: string | symbol): string {
  return formatPath(path, [typeof key === "string" ? key : { text: `[${key.toString()}]` }]).replace(/^\./, "");
}
