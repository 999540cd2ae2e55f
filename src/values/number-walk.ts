import { formatPath } from "../messages/path.js";
import { type Place, segmentsOf } from "./place.js";
import { MAX_DEPTH } from "./plain.js";

/** Whether a number of a parsed JSON text has surely lost digits, or may have: no double lies nearer. */
export function isBeyondSafe(number: number): boolean {
  return number > Number.MAX_SAFE_INTEGER || number < Number.MIN_SAFE_INTEGER;
}

/** Whether a number of a parsed JSON text may have lost digits. A very small one reads as zero. */
export function mayHaveLostDigits(number: number): boolean {
  return number === 0 || !Number.isSafeInteger(number);
}

/** Whether a parsed JSON value holds such a number. Every value of every state is asked, and a state of any depth. */
export function someNumber(value: unknown, test: (number: number) => boolean): boolean {
  const deep = [value];
  while (deep.length > 0) if (holds(deep.pop(), test, 0, deep)) return true;
  return false;
}

function holds(value: unknown, test: (number: number) => boolean, depth: number, deep: unknown[]): boolean {
  if (typeof value === "number") return test(value);
  if (typeof value !== "object" || value === null) return false;
  if (depth === MAX_DEPTH) {
    deep.push(value);
    return false;
  }
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item !== "string" && holds(item, test, depth + 1, deep)) return true; // the call costs more than the look
    return false;
  }
  for (const key of Object.keys(value)) {
    const item: unknown = value[key as keyof typeof value];
    if (typeof item !== "string" && holds(item, test, depth + 1, deep)) return true;
  }
  return false;
}

/** Where the first such number is, one that isn't zero if there is any: few zeros have lost digits. */
export function pathOfNumber(root: unknown, rootPath: string, test: (number: number) => boolean): string | null {
  let zero: string | null = null;
  const waiting: Place[] = [{ value: root, parent: null, segment: "" }];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const { value } = place;
    if (typeof value === "number" && test(value)) {
      const path = formatPath(rootPath, segmentsOf(place));
      if (value !== 0) return path;
      zero ??= path;
    }
    if (typeof value !== "object" || value === null) continue;
    for (const [key, item] of Object.entries(value))
      waiting.push({ value: item, parent: place, segment: Array.isArray(value) ? Number(key) : key });
  }
  return zero;
}
