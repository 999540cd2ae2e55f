import type { ErrorName } from "./classes.js";
import { isErrorObject } from "./native-parts.js";
import { type PartWriter, writeProperty } from "./part-writer.js";
import type { Written } from "./scalar-writer.js";
import { addPart, type ErrorDetail, type Inner, pathKey, typed } from "./types-tree.js";

// In place of an error stands what everyone expects of one. Other keys would be no atoms to an Elixir application that
// reads the row, which then fails: what else an error has is kept beside its type.
export const SHOWN: readonly string[] = ["name", "message", "stack"];

// These are kept, though JavaScript itself hides them.
const KEPT: readonly PropertyKey[] = [...SHOWN, "cause", "errors"];

/** Writes an error: its name, message, stack and cause, the errors of an AggregateError, and its enumerable properties. */
export function writeError(error: object, name: ErrorName, writer: PartWriter): Written | undefined {
  if (!isErrorObject(error)) return undefined;
  const shown = Object.assign(Object.create(null) as Record<string, unknown>, { name });
  const rest = Object.create(null) as Record<string, unknown>;
  let inner: Inner | undefined;
  let values: Inner | undefined;
  for (const key of Reflect.ownKeys(error)) {
    if (!KEPT.includes(key) && Reflect.getOwnPropertyDescriptor(error, key)?.enumerable !== true) continue;
    if (typeof key === "symbol") return writer.reject("a property with a symbol as its key would be lost");
    let value: unknown;
    const { json, tree } = writeProperty(key, () => (value = Reflect.get(error, key)), writer);
    if (SHOWN.includes(key) && typeof value === "string") {
      shown[key] = json;
      inner = addPart(inner, key, tree);
    } else {
      rest[key] = json;
      values = addPart(values, pathKey(key), tree);
    }
  }
  const detail: ErrorDetail = { class: name, ...(Object.keys(rest).length > 0 && { rest }), ...(values !== undefined && { values }) };
  return { json: shown, tree: typed(["error", detail], inner) };
}
