import { checkNames, checkText, isNames } from "../instance/check.js";
import { NotSerializableError } from "../errors.js";
import type { Instance } from "../instance/instance.js";
import { kindOf } from "../messages/describe.js";
import { at, checkObject, type Fail } from "../messages/reject.js";
import { isObject } from "../runtime/native-types.js";
import type { BigIntegers } from "../values/big-integers.js";
import { writeJson } from "../values/json-text.js";
import { hasMember, membersOf, ownDataOf, SET_MUTATORS } from "../values/native-parts.js";
import { copyPlain, hasUnstorable } from "../values/plain.js";
import { sourceOf, type Stored } from "../values/source.js";
import { noTypes, pathKey, type TypePaths } from "../values/type-paths.js";
import { withTypes } from "../values/value-types.js";
import { writeValue } from "../values/value-writer.js";
import { byCodePoint } from "./code-point-order.js";
import { checkKeys, checkList, CONTEXT, CONTEXT_FIELDS, ENTRY, ENTRY_FIELDS, INSTANCE_FIELDS, rejectKeys, STATE } from "./fields.js";
import { findTooDeep, TOO_DEEP } from "./odd-parts.js";
import { isUtcTimestamp } from "./timestamp.js";
import { completeContext, restore } from "./unknown-fields.js";

interface Writer {
  readonly fail: Fail;
  readonly bigIntegers: BigIntegers;
  /** Whether values are looked at one by one, with time for a path and a reason. */
  readonly isStrict: boolean;
  /** What the values were that have been written, by their paths in the state. */
  readonly types: TypePaths;
}

/** The JSON text of the `state` column, in HephaestusEcto's shape. */
export function writeState(instance: Instance, bigIntegers: BigIntegers, fail: Fail): string {
  checkKeys(instance, INSTANCE_FIELDS, "", fail);
  const text = textOf(instance, { fail, bigIntegers, isStrict: false, types: noTypes() });
  // A text in it needs a type, for PostgreSQL can't store it.
  return hasUnstorable(text) ? textOf(instance, { fail, bigIntegers, isStrict: true, types: noTypes() }) : text;
}

function textOf(instance: Instance, writer: Writer): string {
  const json = stateOf(instance, writer);
  const state = Object.keys(writer.types).length === 0 ? json : withTypes(json, writer.types);
  const text = writeJson(state);
  const tooDeep = findTooDeep(state, text);
  if (tooDeep !== null) throw new NotSerializableError(tooDeep, `${tooDeep} can't be stored: ${TOO_DEEP}`);
  return text;
}

function stateOf(instance: Instance, writer: Writer): Stored {
  const { fail } = writer;
  const { currentStep, context, stepConfigs, activeSteps, completedSteps, executionHistory, runtimeMetadata } = instance;
  const stored = sourceOf(instance);
  const json = {
    [STATE.currentStep]: currentStep === null ? null : checkText(currentStep, at("currentStep", fail)),
    [STATE.context]: writeContext(context, writer),
    [STATE.stepConfigs]: writeObject(stepConfigs, "stepConfigs", STATE.stepConfigs, writer),
    [STATE.activeSteps]: writeNames(activeSteps, stored?.[STATE.activeSteps], "activeSteps", fail),
    [STATE.completedSteps]: writeNames(completedSteps, stored?.[STATE.completedSteps], "completedSteps", fail),
    [STATE.executionHistory]: checkList(executionHistory, "executionHistory", fail).map((entry, index) =>
      writeEntry(entry, `executionHistory[${index}]`, `${STATE.executionHistory}.${index}`, writer),
    ),
    [STATE.runtimeMetadata]: writeObject(runtimeMetadata, "runtimeMetadata", STATE.runtimeMetadata, writer),
  };
  return stored === undefined ? json : restore(stored, json, (value, key) => keep(value, `state.${key}`, pathKey(key), writer));
}

function writeContext(value: unknown, writer: Writer): Stored {
  const context = checkObject(value, at("context", writer.fail));
  checkKeys(context, CONTEXT_FIELDS, "context", writer.fail);
  const keepIn = (into: Writer) => (part: unknown, key: string) => keep(part, `context.${key}`, `${STATE.context}.${pathKey(key)}`, into);
  const json = {
    [CONTEXT.initial]: writeObject(context.initial, "context.initial", `${STATE.context}.${CONTEXT.initial}`, writer),
    [CONTEXT.steps]: writeObject(context.steps, "context.steps", `${STATE.context}.${CONTEXT.steps}`, writer),
  };
  const stored = sourceOf(context);
  if (stored === undefined) return json;
  const unchanged = Object.entries(stored).map(([key, part]) => [key, keepIn({ ...writer, types: noTypes() })(part, key)]);
  return completeContext(restore(stored, json, keepIn(writer)), Object.fromEntries(unchanged) as Stored);
}

function writeEntry(value: unknown, path: string, storedPath: string, writer: Writer): Stored {
  const { fail } = writer;
  const entry = checkObject(value, at(path, fail));
  checkKeys(entry, ENTRY_FIELDS, path, fail);
  const { stepRef, event, timestamp, contextUpdates } = entry;
  const time = checkText(timestamp, at(`${path}.timestamp`, fail));
  // The Elixir side can't read any other; one that is stored already stays as it is.
  if (!isUtcTimestamp(time) && time !== sourceOf(entry)?.[ENTRY.timestamp])
    return fail(
      `${path}.timestamp`,
      `expected an ISO 8601 time in UTC, such as 2026-04-12T10:11:12.345678Z, found another text of ${time.length} characters`,
    );
  const updatesPath = `${storedPath}.${ENTRY.contextUpdates}`;
  const json = {
    [ENTRY.stepRef]: checkText(stepRef, at(`${path}.stepRef`, fail)),
    [ENTRY.event]: checkText(event, at(`${path}.event`, fail)),
    [ENTRY.timestamp]: time,
    [ENTRY.contextUpdates]: contextUpdates === null ? null : writeObject(contextUpdates, `${path}.contextUpdates`, updatesPath, writer),
  };
  const stored = sourceOf(entry);
  if (stored === undefined) return json;
  return restore(stored, json, (part, key) => keep(part, `${path}.${key}`, `${storedPath}.${pathKey(key)}`, writer));
}

function writeNames(value: unknown, stored: unknown, path: string, fail: Fail): readonly string[] {
  const members = typeof value === "object" && value !== null ? membersOf(value) : undefined;
  if (members === undefined || typeof value !== "object" || value === null)
    return fail(path, `expected a Set of strings, found ${kindOf(value)}`);
  rejectKeys(ownDataOf(value, SET_MUTATORS), path, fail);
  const sorted = checkNames(members, path, fail).sort(byCodePoint);
  return isNames(stored) && stored.every((name) => hasMember(value, name)) && new Set(stored).size === members.length ? stored : sorted;
}

/** Writes an object of values. */
function writeObject(value: unknown, path: string, storedPath: string, writer: Writer): unknown {
  const json = keep(checkObject(value, at(path, writer.fail)), path, storedPath, writer);
  const isPlain = isObject(json) && !Object.hasOwn(writer.types, storedPath);
  return isPlain ? json : writer.fail(path, `expected a plain object, found ${kindOf(value)}`);
}

/** Writes a value, and notes what it was. */
function keep(value: unknown, path: string, storedPath: string, { bigIntegers, isStrict, types }: Writer): unknown {
  const plain = isStrict ? undefined : copyIfPlain(value);
  return plain === undefined ? writeValue(value, path, { storedPath, types }, bigIntegers) : plain;
}

/** Almost every value is plain JSON. */
function copyIfPlain(value: unknown): unknown {
  try {
    return copyPlain(value);
  } catch {
    return undefined; // a getter, or a Proxy, whose path the strict writer finds
  }
}
