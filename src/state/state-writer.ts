import { at, checkObject, type Fail } from "../messages/reject.js";
import { checkNames, checkText, isNames } from "../instance/check.js";
import type { Codec } from "../values/codec.js";
import { kindOf } from "../messages/describe.js";
import type { Instance } from "../instance/instance.js";
import { checkKeys, checkList, CONTEXT_FIELDS, ENTRY_FIELDS, INSTANCE_FIELDS } from "./fields.js";
import { byCodePoint } from "./code-point-order.js";
import { isJsonPatched, writeJson } from "../values/json-text.js";
import { addPart, type Inner } from "../values/meta.js";
import { hasMember, membersOf } from "../values/native-parts.js";
import { isPlain, plainText } from "../values/plain.js";
import { restore, sourceOf, type Stored } from "./unknown-fields.js";
import { isUtcTimestamp } from "./timestamp.js";
import type { Written } from "../values/written.js";

interface Writer {
  readonly fail: Fail;
  /** Takes a value that the codec handles, and returns what stands for it. */
  readonly keep: (value: unknown, path: string) => unknown;
}

/** The JSON text of the `state` column, in HephaestusEcto's shape. */
export function encodeState(instance: Instance, codec: Codec, fail: Fail): string {
  checkKeys(instance, INSTANCE_FIELDS, "", fail);
  return plainState(instance, fail) ?? richState(instance, codec, fail);
}

/** Almost every state holds JSON alone, which needs no more than a look at each value. */
function plainState(instance: Instance, fail: Fail): string | null {
  if (isJsonPatched()) return null;
  const kept: unknown[] = [];
  const state = stateOf(instance, { fail, keep: (value) => (kept.push(value), value) });
  try {
    return kept.every((value) => isPlain(value)) ? plainText(state) : null;
  } catch {
    return null; // a getter, or a Proxy, whose path the writer finds
  }
}

function richState(instance: Instance, codec: Codec, fail: Fail): string {
  const state = stateOf(instance, { fail, keep: (value, path) => new Kept(codec.encode(value, path)) });
  const { json, tree } = unwrap(state);
  return writeJson(tree === undefined ? json : codec.withMeta(checkObject(json, at("state", fail)), tree));
}

/** A value that is written. */
class Kept {
  readonly written: Written;

  constructor(written: Written) {
    this.written = written;
  }
}

/** The JSON of a state, and what the values in it were. */
function unwrap(value: unknown): Written {
  if (value instanceof Kept) return value.written;
  if (typeof value !== "object" || value === null) return { json: value };
  const json: unknown[] | Record<string, unknown> = Array.isArray(value) ? [] : {};
  let tree: Inner | undefined;
  for (const [key, part] of Object.entries(value)) {
    const written = unwrap(part);
    Object.defineProperty(json, key, { value: written.json, enumerable: true });
    tree = addPart(tree, key, written.tree);
  }
  return { json, tree };
}

function isEmpty(value: unknown): boolean {
  const { json, tree }: Written = value instanceof Kept ? value.written : { json: value };
  return typeof json === "object" && json !== null && tree === undefined && Object.keys(json).length === 0;
}

function stateOf(instance: Instance, writer: Writer): Stored {
  const { fail, keep } = writer;
  const { currentStep, context, stepConfigs, activeSteps, completedSteps, executionHistory, runtimeMetadata } = instance;
  const stored = sourceOf(instance);
  const json = {
    current_step: currentStep === null ? null : checkText(currentStep, at("currentStep", fail)),
    context: encodeContext(context, writer),
    step_configs: encodeObject(stepConfigs, "stepConfigs", writer),
    active_steps: encodeNames(activeSteps, stored?.active_steps, "activeSteps", fail),
    completed_steps: encodeNames(completedSteps, stored?.completed_steps, "completedSteps", fail),
    execution_history: checkList(executionHistory, "executionHistory", fail).map((entry, index) =>
      encodeEntry(entry, `executionHistory[${index}]`, writer),
    ),
    runtime_metadata: encodeObject(runtimeMetadata, "runtimeMetadata", writer),
  };
  return restore(stored, keep, json, isEmpty);
}

function encodeContext(value: unknown, writer: Writer): Stored {
  const context = checkObject(value, at("context", writer.fail));
  checkKeys(context, CONTEXT_FIELDS, "context", writer.fail);
  const json = {
    initial: encodeObject(context.initial, "context.initial", writer),
    steps: encodeObject(context.steps, "context.steps", writer),
  };
  return restore(sourceOf(context), writer.keep, json, isEmpty);
}

function encodeEntry(value: unknown, path: string, writer: Writer): Stored {
  const { fail } = writer;
  const entry = checkObject(value, at(path, fail));
  checkKeys(entry, ENTRY_FIELDS, path, fail);
  const { stepRef, event, timestamp, contextUpdates } = entry;
  const stored = sourceOf(value);
  const time = checkText(timestamp, at(`${path}.timestamp`, fail));
  // The Elixir side can't read any other; one that is stored already stays as it is.
  if (time !== stored?.timestamp && !isUtcTimestamp(time))
    return fail(
      `${path}.timestamp`,
      `expected an ISO 8601 time in UTC, such as 2026-04-12T10:11:12.345678Z, found another text of ${time.length} characters`,
    );
  const json = {
    step_ref: checkText(stepRef, at(`${path}.stepRef`, fail)),
    event: checkText(event, at(`${path}.event`, fail)),
    timestamp: time,
    context_updates: contextUpdates === null ? null : encodeObject(contextUpdates, `${path}.contextUpdates`, writer),
  };
  return restore(stored, writer.keep, json, isEmpty);
}

function encodeNames(value: unknown, stored: unknown, path: string, fail: Fail): readonly string[] {
  const members = typeof value === "object" && value !== null ? membersOf(value) : undefined;
  if (members === undefined || typeof value !== "object" || value === null)
    return fail(path, `expected a Set of strings, found ${kindOf(value)}`);
  checkKeys(value, [], path, fail);
  const sorted = checkNames(members, path, fail).sort(byCodePoint);
  return isNames(stored) && stored.every((name) => hasMember(value, name)) && new Set(stored).size === members.length ? stored : sorted;
}

function encodeObject(value: unknown, path: string, { fail, keep }: Writer): unknown {
  return keep(checkObject(value, at(path, fail)), path);
}
