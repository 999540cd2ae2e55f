import { MAX_DEPTH } from "./plain.js";

/**
 * Objects and arrays that were read from rows which hold what no caller may add: a key `__proto__`, more than
 * `MAX_DEPTH` levels. They may go back as they came.
 */
const asStored = new WeakSet<object>();

/** Whether an object or array was read from such a row. */
export function isAsStored(value: unknown): boolean {
  return typeof value === "object" && value !== null && asStored.has(value);
}

/** Notes a copy of what was read. */
export function copyAsStored(original: object, copy: object): void {
  if (asStored.has(original)) asStored.add(copy);
}

/** Notes a state that was read, if a caller could not store it. Each state is asked. */
export function noteStored(state: object): void {
  if (isUsual(state, 0)) return;
  const waiting: object[] = [state];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    asStored.add(value);
    for (const item of Object.values(value) as unknown[]) if (typeof item === "object" && item !== null) waiting.push(item);
  }
}

function isUsual(value: object, depth: number): boolean {
  if (depth === MAX_DEPTH) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === "object" && item !== null && !isUsual(item as object, depth + 1)) return false;
    return true;
  }
  for (const key of Object.keys(value)) {
    if (key === "__proto__") return false;
    const item: unknown = value[key as keyof typeof value];
    if (typeof item === "object" && item !== null && !isUsual(item, depth + 1)) return false;
  }
  return true;
}
