import { type ErrorDetail, HIDDEN, SHOWN } from "./error-detail.js";
import { addPart, type Inner, typed } from "./meta.js";
import type { ErrorName } from "./native-class.js";
import type { PartWriter, Written } from "./written.js";

/** Writes an error, with all properties of its own. */
export function writeError(error: object, name: ErrorName, writer: PartWriter): Written {
  const shown = Object.assign(Object.create(null) as Record<string, unknown>, { name });
  const rest = Object.create(null) as Record<string, unknown>;
  const unusual: string[] = [];
  let inner: Inner | undefined;
  let values: Inner | undefined;
  let named = false;
  for (const key of Reflect.ownKeys(error)) {
    if (!writer.isKept(error, key)) continue;
    if (isEnumerable(error, key) === HIDDEN.includes(key)) unusual.push(key);
    const value: unknown = Reflect.get(error, key);
    const { json, tree } = writer.part(value, key);
    if (SHOWN.includes(key) && typeof value === "string") {
      named ||= key === "name";
      shown[key] = json;
      inner = addPart(inner, key, tree);
    } else {
      rest[key] = json;
      values = addPart(values, key, tree);
    }
  }
  const detail: ErrorDetail = {
    class: name,
    ...(named && { named }),
    ...(unusual.length > 0 && { unusual }),
    ...(Object.keys(rest).length > 0 && { rest }),
    ...(values !== undefined && { values }),
  };
  return { json: shown, tree: typed(["error", detail], inner) };
}

function isEnumerable(value: object, key: string): boolean {
  return Reflect.getOwnPropertyDescriptor(value, key)?.enumerable === true;
}
