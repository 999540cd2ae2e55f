import { at, checkObject, type Fail } from "../messages/reject.js";
import { checkNames, checkText, isNames } from "../instance/check.js";
import { isObject } from "../runtime/native-types.js";
import { noteStored } from "../values/as-stored.js";
import type { Codec } from "../values/codec.js";
import { kindOf } from "../messages/describe.js";
import type { Context, ExecutionEntry, Instance } from "../instance/instance.js";
import { byCodePoint } from "./code-point-order.js";
import { hasExactly, withSource } from "./unknown-fields.js";
import { isUtcTimestamp } from "./timestamp.js";

/** What of an instance has a column of its own. */
export type InstanceColumns = Pick<Instance, "id" | "workflow" | "workflowVersion" | "status">;

const STATE_KEYS = ["current_step", "context", "step_configs", "active_steps", "completed_steps", "execution_history", "runtime_metadata"];
const CONTEXT_KEYS = ["initial", "steps"];
const ENTRY_KEYS = ["step_ref", "event", "timestamp", "context_updates"];

/** The instance of some columns and the `state` column. Missing keys, and null, read as their empty value. */
export function decodeState(columns: InstanceColumns, state: unknown, codec: Codec, fail: Fail): Instance {
  const json = checkObject(state, at("state", fail));
  if (isWireForm(json))
    return fail("state", "expected the state itself, found Prisma's wire form of it: an extension has copied it on the way");
  noteStored(json);
  const stored = codec.decode(json, (problem) => fail("state.superjson", problem));
  const currentStep = stored.current_step ?? null;
  const history = stored.execution_history ?? [];
  if (!Array.isArray(history)) return fail("state.execution_history", `expected an array, found ${kindOf(history)}`);
  const active = storedNames(stored.active_steps ?? [], "state.active_steps", fail);
  const completed = storedNames(stored.completed_steps ?? [], "state.completed_steps", fail);
  return withSource(stored, hasExactly(stored, STATE_KEYS) && isSorted(active) && isSorted(completed), {
    id: columns.id,
    workflow: columns.workflow,
    workflowVersion: columns.workflowVersion,
    status: columns.status,
    currentStep: currentStep === null ? null : storedText(currentStep, "state.current_step", fail),
    context: decodeContext(stored.context ?? {}, fail),
    stepConfigs: checkObject(stored.step_configs ?? {}, at("state.step_configs", fail)),
    activeSteps: new Set(active),
    completedSteps: new Set(completed),
    executionHistory: history.map((entry: unknown, index) => decodeEntry(entry, index, fail)),
    runtimeMetadata: checkObject(stored.runtime_metadata ?? {}, at("state.runtime_metadata", fail)),
  });
}

/** What Prisma sends for JSON. As a state it has no key of one, and would be an empty instance. */
function isWireForm({ $type, value }: Readonly<Record<string, unknown>>): boolean {
  return $type === "Json" && typeof value === "string";
}

function decodeContext(value: unknown, fail: Fail): Context {
  const stored = checkObject(value, at("state.context", fail));
  return withSource(stored, hasExactly(stored, CONTEXT_KEYS), {
    initial: checkObject(stored.initial ?? {}, at("state.context.initial", fail)),
    steps: checkObject(stored.steps ?? {}, at("state.context.steps", fail)),
  });
}

function decodeEntry(stored: unknown, index: number, fail: Fail): ExecutionEntry {
  if (!isObject(stored)) return failEntry(stored, index, fail);
  const { step_ref: stepRef, event, timestamp, context_updates: updates = null } = stored;
  if (typeof stepRef !== "string" || typeof event !== "string" || typeof timestamp !== "string") return failEntry(stored, index, fail);
  if (updates !== null && !isObject(updates)) return failEntry(stored, index, fail);
  const entry = { stepRef, event, timestamp, contextUpdates: updates };
  return withSource(stored, hasExactly(stored, ENTRY_KEYS) && isUtcTimestamp(timestamp), entry);
}

/** Says what is wrong with an entry. Apart from the reading, which every entry of every state goes through. */
function failEntry(value: unknown, index: number, fail: Fail): never {
  const path = `state.execution_history[${index}]`;
  const { step_ref: stepRef, event, timestamp, context_updates: updates } = checkObject(value, at(path, fail));
  checkText(stepRef, at(`${path}.step_ref`, fail));
  checkText(event, at(`${path}.event`, fail));
  checkText(timestamp, at(`${path}.timestamp`, fail));
  return fail(`${path}.context_updates`, `expected an object, found ${kindOf(updates)}`);
}

/** A text from the database, which holds neither NUL nor lone surrogates. */
function storedText(value: unknown, path: string, fail: Fail): string {
  return typeof value === "string" ? value : checkText(value, at(path, fail));
}

function storedNames(value: unknown, path: string, fail: Fail): readonly string[] {
  return isNames(value) ? value : checkNames(value, path, fail);
}

function isSorted(sorted: readonly string[]): boolean {
  for (let index = 1; index < sorted.length; index++) if (byCodePoint(sorted[index - 1] ?? "", sorted[index] ?? "") >= 0) return false;
  return true;
}
