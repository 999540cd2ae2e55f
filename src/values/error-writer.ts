import type { ErrorName } from "./classes.js";
import { checkKey, isEnumerable, type ObjectWriter } from "./object-writer.js";
import { noTypes, pathKey } from "./type-paths.js";

// In place of an error stands what everyone expects of one. Other keys would be no atoms to an Elixir application that
// reads the row, which then fails: what else an error has is kept beside its type.
export const SHOWN: readonly string[] = ["name", "message", "stack"];

// These are kept, though JavaScript itself hides them.
const KEPT: readonly PropertyKey[] = [...SHOWN, "cause", "errors"];

/** Writes an error: its name, message, stack and cause, the errors of an AggregateError, and its enumerable properties. */
export function writeError(error: object, name: ErrorName, writer: ObjectWriter): unknown {
  const shown = Object.assign(Object.create(null) as Record<string, unknown>, { name });
  const rest = Object.create(null) as Record<string, unknown>;
  const values = noTypes();
  for (const key of Reflect.ownKeys(error)) {
    if (!KEPT.includes(key) && !isEnumerable(error, key)) continue;
    const property = checkKey(key, writer);
    const value: unknown = Reflect.get(error, key);
    if (SHOWN.includes(property) && typeof value === "string") shown[property] = writer.part(property, property, () => value);
    else rest[property] = writer.part(property, pathKey(property), () => value, { storedPath: pathKey(property), types: values });
  }
  writer.is(["error", { class: name, ...(!isEmpty(rest) && { rest }), ...(!isEmpty(values) && { values }) }]);
  return shown;
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}
