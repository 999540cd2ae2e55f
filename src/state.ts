import { checkObject, checkText, isObject } from "./check.js";
import type { Codec } from "./codec.js";
import { kindOf } from "./describe.js";
import { inspect, type Needs } from "./inspect.js";
import type { Context, ExecutionEntry, Instance, JsonLikeObject } from "./instance.js";
import { byCodePoint } from "./order.js";
import { isPlain, plainText } from "./plain.js";
import { isUtcTimestamp } from "./timestamp.js";

/** What of an instance has a column of its own. */
export type InstanceColumns = Pick<Instance, "id" | "workflow" | "workflowVersion" | "status">;

/** Ends the reading or writing of an instance: where it went wrong, and what was expected and found there. */
export type Fail = (path: string, problem: string) => never;

type Stored = Readonly<Record<string, unknown>>;

interface Writer {
  readonly fail: Fail;
  /** Notes a value that the codec answers for, and gives it back. */
  readonly keep: (value: unknown, path: string) => unknown;
}

// Where writing a value that was read would not give its JSON again (keys unknown or missing, names in
// another order), the value holds the JSON it was read from. Spread copies carry it along.
const source: unique symbol = Symbol.for("hephaestus-prisma.source");

const STATE_KEYS = ["current_step", "context", "step_configs", "active_steps", "completed_steps", "execution_history", "runtime_metadata"];
const CONTEXT_KEYS = ["initial", "steps"];
const ENTRY_KEYS = ["step_ref", "event", "timestamp", "context_updates"];

/** The instance of some columns and the `state` column. Missing keys read as their empty value. */
export function decodeState(columns: InstanceColumns, state: unknown, codec: Codec, fail: Fail): Instance {
  const stored = codec.decode(object(state, "state", fail), (problem) => fail("state.superjson", problem));
  const { current_step: currentStep = null, context = {}, step_configs: configs = {}, runtime_metadata: metadata = {} } = stored;
  const { active_steps: activeNames = [], completed_steps: completedNames = [], execution_history: history = [] } = stored;
  if (!Array.isArray(history)) return fail("state.execution_history", `expected an array, found ${kindOf(history)}`);
  const active = storedNames(activeNames, "state.active_steps", fail);
  const completed = storedNames(completedNames, "state.completed_steps", fail);
  return withSource(stored, hasExactly(stored, STATE_KEYS) && isSorted(active) && isSorted(completed), {
    id: columns.id,
    workflow: columns.workflow,
    workflowVersion: columns.workflowVersion,
    status: columns.status,
    currentStep: currentStep === null ? null : storedText(currentStep, "state.current_step", fail),
    context: decodeContext(context, fail),
    stepConfigs: object(configs, "state.step_configs", fail),
    activeSteps: new Set(active),
    completedSteps: new Set(completed),
    executionHistory: history.map((entry: unknown, index) => decodeEntry(entry, index, fail)),
    runtimeMetadata: object(metadata, "state.runtime_metadata", fail),
  });
}

/** The JSON text of the `state` column, in HephaestusEcto's shape. */
export function encodeState(instance: Instance, codec: Codec, fail: Fail): string {
  const { currentStep, context, stepConfigs, activeSteps, completedSteps, executionHistory, runtimeMetadata } = instance;
  const stored = sourceOf(instance);
  const kept: [value: unknown, path: string][] = [];
  const writer: Writer = {
    fail,
    keep(value, path) {
      kept.push([value, path]);
      return value;
    },
  };
  if (!Array.isArray(executionHistory)) return fail("executionHistory", `expected an array, found ${kindOf(executionHistory)}`);
  const state = restore(stored, writer, {
    current_step: currentStep === null ? null : text(currentStep, "currentStep", fail),
    context: encodeContext(context, writer),
    step_configs: encodeObject(stepConfigs, "stepConfigs", writer),
    active_steps: encodeNames(activeSteps, stored?.active_steps, "activeSteps", fail),
    completed_steps: encodeNames(completedSteps, stored?.completed_steps, "completedSteps", fail),
    execution_history: executionHistory.map((entry: unknown, index) => encodeEntry(entry, `executionHistory[${index}]`, writer)),
    runtime_metadata: encodeObject(runtimeMetadata, "runtimeMetadata", writer),
  });
  const plain = kept.every(([value]) => isPlain(value)) ? plainText(state) : null;
  if (plain !== null) return plain;
  const needs: Needs = { rich: false, integers: false };
  for (const [value, path] of kept) inspect(value, path, codec.exactIntegers, needs);
  return codec.encode(state, needs);
}

function decodeContext(value: unknown, fail: Fail): Context {
  const stored = object(value, "state.context", fail);
  const { initial = {}, steps = {} } = stored;
  return withSource(stored, hasExactly(stored, CONTEXT_KEYS), {
    initial: object(initial, "state.context.initial", fail),
    steps: object(steps, "state.context.steps", fail),
  });
}

function encodeContext(value: unknown, writer: Writer): Stored {
  const context = object(value, "context", writer.fail);
  return restore(sourceOf(context), writer, {
    initial: encodeObject(context.initial, "context.initial", writer),
    steps: encodeObject(context.steps, "context.steps", writer),
  });
}

function decodeEntry(value: unknown, index: number, failAt: Fail): ExecutionEntry {
  const fail: Fail = (path, problem) => failAt(`state.execution_history[${index}]${path}`, problem);
  const stored = object(value, "", fail);
  const { context_updates: updates = null } = stored;
  const timestamp = storedText(stored.timestamp, ".timestamp", fail);
  return withSource(stored, hasExactly(stored, ENTRY_KEYS) && isUtcTimestamp(timestamp), {
    stepRef: storedText(stored.step_ref, ".step_ref", fail),
    event: storedText(stored.event, ".event", fail),
    timestamp,
    contextUpdates: updates === null ? null : object(updates, ".context_updates", fail),
  });
}

function encodeEntry(value: unknown, path: string, writer: Writer): Stored {
  const { fail } = writer;
  const { stepRef, event, timestamp, contextUpdates } = object(value, path, fail);
  const stored = sourceOf(value);
  const time = text(timestamp, `${path}.timestamp`, fail);
  // The Elixir side can't read any other; one that is stored already stays as it is.
  if (time !== stored?.timestamp && !isUtcTimestamp(time))
    return fail(
      `${path}.timestamp`,
      `expected an ISO 8601 time in UTC, such as 2026-04-12T10:11:12.345678Z, found ${JSON.stringify(time)}`,
    );
  return restore(stored, writer, {
    step_ref: text(stepRef, `${path}.stepRef`, fail),
    event: text(event, `${path}.event`, fail),
    timestamp: time,
    context_updates: contextUpdates === null ? null : encodeObject(contextUpdates, `${path}.contextUpdates`, writer),
  });
}

/** A text from the database, which holds neither NUL nor lone surrogates. */
function storedText(value: unknown, path: string, fail: Fail): string {
  return typeof value === "string" ? value : text(value, path, fail);
}

function storedNames(value: unknown, path: string, fail: Fail): readonly string[] {
  return isNames(value) ? value : names(value, path, fail);
}

function names(value: unknown, path: string, fail: Fail): string[] {
  if (!Array.isArray(value)) return fail(path, `expected an array of strings, found ${kindOf(value)}`);
  return value.map((name: unknown, index) => text(name, `${path}[${index}]`, fail));
}

function encodeNames(value: unknown, stored: unknown, path: string, fail: Fail): readonly string[] {
  if (!(value instanceof Set)) return fail(path, `expected a Set of strings, found ${kindOf(value)}`);
  const sorted = names([...value], path, fail).sort(byCodePoint);
  return isNames(stored) && stored.every((name) => value.has(name)) && new Set(stored).size === value.size ? stored : sorted;
}

/** What to store for a value that was read from `stored`: with the keys that we don't know, without empty ones that it lacked. */
function restore(stored: Stored | undefined, { keep }: Writer, json: Stored): Stored {
  if (stored === undefined) return json;
  const unknown = Object.entries(stored).filter(([key]) => !Object.hasOwn(json, key));
  const known = Object.entries(json).filter(([key, value]) => Object.hasOwn(stored, key) || !readsAsMissing(key, value));
  return Object.fromEntries([...unknown.map(([key, value]): [string, unknown] => [key, keep(value, `state.${key}`)]), ...known]);
}

function withSource<T extends object>(stored: Stored, canonical: boolean, value: T): T {
  return canonical ? value : { ...value, [source]: stored };
}

function sourceOf(value: unknown): Stored | undefined {
  const stored: unknown = isObject(value) ? Reflect.get(value, source) : undefined;
  return isObject(stored) ? stored : undefined;
}

function hasExactly(stored: Stored, keys: readonly string[]): boolean {
  return Object.keys(stored).length === keys.length && keys.every((key) => stored[key] !== undefined);
}

function isSorted(sorted: readonly string[]): boolean {
  for (let index = 1; index < sorted.length; index++) if (byCodePoint(sorted[index - 1] ?? "", sorted[index] ?? "") >= 0) return false;
  return true;
}

/** Whether a value is what its key reads as where it is missing. */
function readsAsMissing(key: string, value: unknown): boolean {
  if (key === "current_step" || key === "context_updates") return value === null;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}

function object(value: unknown, path: string, fail: Fail): JsonLikeObject {
  return isObject(value) ? value : checkObject(value, (problem) => fail(path, problem));
}

function encodeObject(value: unknown, path: string, { fail, keep }: Writer): unknown {
  return keep(object(value, path, fail), path);
}

function text(value: unknown, path: string, fail: Fail): string {
  return checkText(value, (problem) => fail(path, problem));
}
