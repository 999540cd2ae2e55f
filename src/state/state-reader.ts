import { checkNames, checkText, isNames } from "../instance/check.js";
import type { InstanceContext, ExecutionEntry, Instance } from "../instance/instance.js";
import { kindOf } from "../messages/describe.js";
import { at, checkObject, type Fail } from "../messages/reject.js";
import { isObject } from "../runtime/native-types.js";
import type { BigIntegers } from "../values/big-integers.js";
import { withSource } from "../values/source.js";
import type { TypesNode } from "../values/type-paths.js";
import { VALUE_TYPES, withValues } from "../values/value-types.js";
import { byCodePoint } from "./code-point-order.js";
import { CONTEXT, ENTRY, STATE } from "./fields.js";
import { isUtcTimestamp } from "./timestamp.js";
import { hasExactly } from "./unknown-fields.js";

/** What of an instance has a column of its own. */
export type InstanceColumns = Pick<Instance, "id" | "workflow" | "workflowVersion" | "status">;

const STATE_KEYS = Object.values(STATE);
const CONTEXT_KEYS = Object.values(CONTEXT);
const ENTRY_KEYS = Object.values(ENTRY);

/** The instance of some columns and the `state` column. Missing keys, and null, read as their empty value. */
export function readState(columns: InstanceColumns, state: unknown, bigIntegers: BigIntegers, fail: Fail): Instance {
  const json = checkObject(state, at("state", fail));
  const stored = withValues(json, bigIntegers, typesValuesOnly, (problem) => fail(`state.${VALUE_TYPES}`, problem));
  const currentStep = stored[STATE.currentStep] ?? null;
  const history = stored[STATE.executionHistory] ?? [];
  if (!Array.isArray(history)) return fail(`state.${STATE.executionHistory}`, `expected an array, found ${kindOf(history)}`);
  const active = readNames(stored, STATE.activeSteps, fail);
  const completed = readNames(stored, STATE.completedSteps, fail);
  return withSource(stored, hasExactly(stored, STATE_KEYS) && isSorted(active) && isSorted(completed), {
    id: columns.id,
    workflow: columns.workflow,
    workflowVersion: columns.workflowVersion,
    status: columns.status,
    currentStep: currentStep === null ? null : readText(currentStep, `state.${STATE.currentStep}`, fail),
    context: readContext(stored[STATE.context] ?? {}, fail),
    stepConfigs: checkObject(stored[STATE.stepConfigs] ?? {}, at(`state.${STATE.stepConfigs}`, fail)),
    activeSteps: new Set(active),
    completedSteps: new Set(completed),
    executionHistory: history.map((entry: unknown, index) => readEntry(entry, index, fail)),
    runtimeMetadata: checkObject(stored[STATE.runtimeMetadata] ?? {}, at(`state.${STATE.runtimeMetadata}`, fail)),
  });
}

/** Whether no field of an instance has a type, but only what is within its values. */
function typesValuesOnly({ parts }: TypesNode): boolean {
  const isUntyped = (node: TypesNode | undefined): boolean => node?.type === undefined;
  const context = parts.get(STATE.context);
  const entries = [...(parts.get(STATE.executionHistory)?.parts.values() ?? [])];
  return (
    [STATE.currentStep, STATE.activeSteps, STATE.completedSteps].every((key) => !parts.has(key)) &&
    [STATE.context, STATE.stepConfigs, STATE.executionHistory, STATE.runtimeMetadata].every((key) => isUntyped(parts.get(key))) &&
    CONTEXT_KEYS.every((key) => isUntyped(context?.parts.get(key))) &&
    entries.every((entry) => isUntyped(entry) && isUntyped(entry.parts.get(ENTRY.contextUpdates))) &&
    entries.every(({ parts: fields }) => [ENTRY.stepRef, ENTRY.event, ENTRY.timestamp].every((key) => !fields.has(key)))
  );
}

function readContext(value: unknown, fail: Fail): InstanceContext {
  const stored = checkObject(value, at(`state.${STATE.context}`, fail));
  return withSource(stored, hasExactly(stored, CONTEXT_KEYS), {
    initial: checkObject(stored[CONTEXT.initial] ?? {}, at(`state.${STATE.context}.${CONTEXT.initial}`, fail)),
    steps: checkObject(stored[CONTEXT.steps] ?? {}, at(`state.${STATE.context}.${CONTEXT.steps}`, fail)),
  });
}

function readEntry(stored: unknown, index: number, fail: Fail): ExecutionEntry {
  if (!isObject(stored)) return failEntry(stored, index, fail);
  const { [ENTRY.stepRef]: stepRef, [ENTRY.event]: event, [ENTRY.timestamp]: timestamp, [ENTRY.contextUpdates]: updates = null } = stored;
  if (typeof stepRef !== "string" || typeof event !== "string" || typeof timestamp !== "string") return failEntry(stored, index, fail);
  if (updates !== null && !isObject(updates)) return failEntry(stored, index, fail);
  const entry = { stepRef, event, timestamp, contextUpdates: updates };
  return withSource(stored, hasExactly(stored, ENTRY_KEYS) && isUtcTimestamp(timestamp), entry);
}

/** Says what is wrong with an entry. Apart from the reading, which every entry of every state goes through. */
function failEntry(value: unknown, index: number, fail: Fail): never {
  const path = `state.${STATE.executionHistory}[${index}]`;
  const stored = checkObject(value, at(path, fail));
  for (const key of [ENTRY.stepRef, ENTRY.event, ENTRY.timestamp]) checkText(stored[key], at(`${path}.${key}`, fail));
  return fail(`${path}.${ENTRY.contextUpdates}`, `expected an object, found ${kindOf(stored[ENTRY.contextUpdates])}`);
}

/** A text from the database, which holds neither NUL nor lone surrogates. */
function readText(value: unknown, path: string, fail: Fail): string {
  return typeof value === "string" ? value : checkText(value, at(path, fail));
}

function readNames(stored: Readonly<Record<string, unknown>>, key: string, fail: Fail): readonly string[] {
  const names = stored[key] ?? [];
  return isNames(names) ? names : checkNames(names, `state.${key}`, fail);
}

function isSorted(sorted: readonly string[]): boolean {
  for (let index = 1; index < sorted.length; index++) if (byCodePoint(sorted[index - 1] ?? "", sorted[index] ?? "") >= 0) return false;
  return true;
}
