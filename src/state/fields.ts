import { kindOf } from "../messages/describe.js";
import { formatPath } from "../messages/path.js";
import type { Fail } from "../messages/reject.js";
import { isSource } from "../values/source.js";

/** The keys of the stored state, by the fields of an instance. */
export const STATE = {
  currentStep: "current_step",
  context: "context",
  stepConfigs: "step_configs",
  activeSteps: "active_steps",
  completedSteps: "completed_steps",
  executionHistory: "execution_history",
  runtimeMetadata: "runtime_metadata",
} as const;
export const CONTEXT = { initial: "initial", steps: "steps" } as const;
export const ENTRY = { stepRef: "step_ref", event: "event", timestamp: "timestamp", contextUpdates: "context_updates" } as const;

export const INSTANCE_FIELDS: readonly string[] = ["id", "workflow", "workflowVersion", "status", ...Object.keys(STATE)];
export const CONTEXT_FIELDS: readonly string[] = Object.keys(CONTEXT);
export const ENTRY_FIELDS: readonly string[] = Object.keys(ENTRY);

/** Rejects properties that would be lost: the types allow them, and the stored form has no place for them. */
export function checkKeys(value: object, fields: readonly string[], path: string, fail: Fail): void {
  for (const key of Reflect.ownKeys(value))
    if (typeof key === "symbol" ? !isSource(key) : !fields.includes(key))
      fail(placeOf(path, key), `there is no such field; there are ${fields.join(", ")}`);
}

/** Rejects properties that would be lost on an array or a Set. */
export function rejectKeys(keys: readonly (string | symbol)[], path: string, fail: Fail): void {
  for (const key of keys) fail(placeOf(path, key), "a property of its own would be lost");
}

/** An array, without holes and without properties that would be lost. */
export function checkList<Item>(list: readonly Item[], path: string, fail: Fail): readonly Item[] {
  const found: unknown = list;
  if (!Array.isArray(found)) return fail(path, `expected an array, found ${kindOf(found)}`);
  for (let index = 0; index < list.length; index++)
    if (!Object.hasOwn(list, index)) fail(`${path}[${index}]`, "expected an item, found a hole");
  // The items are the first of an array's keys.
  const keys = Reflect.ownKeys(list).slice(list.length);
  if (keys.length > 1)
    rejectKeys(
      keys.filter((key) => key !== "length"),
      path,
      fail,
    );
  return list;
}

function placeOf(path: string, key: string | symbol): string {
  return formatPath(path, [typeof key === "string" ? key : { text: `[${key.toString()}]` }]).replace(/^\./, "");
}
