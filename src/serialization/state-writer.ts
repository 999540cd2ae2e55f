import { at, checkNames, checkObject, checkText, type Fail, isNames } from "../instance/check.js";
import type { Codec } from "./codec.js";
import { kindOf } from "../instance/describe.js";
import { inspect, type Needs } from "./inspect.js";
import type { Instance } from "../instance/instance.js";
import { byCodePoint } from "./code-point-order.js";
import { isPlain, plainText } from "./plain.js";
import { restore, sourceOf, type Stored } from "./unknown-fields.js";
import { isUtcTimestamp } from "./timestamp.js";

interface Writer {
  readonly fail: Fail;
  /** Notes a value that the codec answers for, and gives it back. */
  readonly keep: (value: unknown, path: string) => unknown;
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
  const state = restore(stored, writer.keep, {
    current_step: currentStep === null ? null : checkText(currentStep, at("currentStep", fail)),
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

function encodeContext(value: unknown, writer: Writer): Stored {
  const context = checkObject(value, at("context", writer.fail));
  return restore(sourceOf(context), writer.keep, {
    initial: encodeObject(context.initial, "context.initial", writer),
    steps: encodeObject(context.steps, "context.steps", writer),
  });
}

function encodeEntry(value: unknown, path: string, writer: Writer): Stored {
  const { fail } = writer;
  const { stepRef, event, timestamp, contextUpdates } = checkObject(value, at(path, fail));
  const stored = sourceOf(value);
  const time = checkText(timestamp, at(`${path}.timestamp`, fail));
  // The Elixir side can't read any other; one that is stored already stays as it is.
  if (time !== stored?.timestamp && !isUtcTimestamp(time))
    return fail(
      `${path}.timestamp`,
      `expected an ISO 8601 time in UTC, such as 2026-04-12T10:11:12.345678Z, found another text of ${time.length} characters`,
    );
  return restore(stored, writer.keep, {
    step_ref: checkText(stepRef, at(`${path}.stepRef`, fail)),
    event: checkText(event, at(`${path}.event`, fail)),
    timestamp: time,
    context_updates: contextUpdates === null ? null : encodeObject(contextUpdates, `${path}.contextUpdates`, writer),
  });
}

function encodeNames(value: unknown, stored: unknown, path: string, fail: Fail): readonly string[] {
  if (!(value instanceof Set)) return fail(path, `expected a Set of strings, found ${kindOf(value)}`);
  const sorted = checkNames([...value], path, fail).sort(byCodePoint);
  return isNames(stored) && stored.every((name) => value.has(name)) && new Set(stored).size === value.size ? stored : sorted;
}

function encodeObject(value: unknown, path: string, { fail, keep }: Writer): unknown {
  return keep(checkObject(value, at(path, fail)), path);
}
