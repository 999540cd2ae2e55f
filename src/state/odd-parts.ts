import { formatPath, type Segment } from "../messages/path.js";
import { MAX_DEPTH } from "../values/plain.js";

/** A question about a part of a JSON value: in how many objects and arrays it is, and under which key or index. */
export type PartTest = (part: unknown, depth: number, segment: Segment) => boolean;

/** The path of the first part of a JSON value that passes a test; `null` if there is none. */
export function findPart(root: unknown, rootPath: string, test: PartTest): string | null {
  const segments = findSegments(root, test, 0, "");
  return segments === null ? null : formatPath(rootPath, segments);
}

function findSegments(value: unknown, test: PartTest, depth: number, segment: Segment): Segment[] | null {
  if (test(value, depth, segment)) return [];
  if (typeof value !== "object" || value === null) return null;
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    const found = findSegments(value[key as keyof typeof value], test, depth + 1, key);
    if (found !== null) return [key, ...found];
  }
  return null;
}

/** Whether a part is nested deeper than those of states may be. */
export const isTooDeep: PartTest = (part, depth) => depth >= MAX_DEPTH && typeof part === "object" && part !== null;

/** Why a state that is nested so deep is not read. */
export const TOO_DEEP: string = `it is nested deeper than ${MAX_DEPTH} levels`;

/** The path of the first part of a state, whose JSON text is given, that is nested too deep; `null` if none is. */
export function findTooDeep(state: unknown, text: string): string | null {
  return mayBeTooDeep(text) && isDeeper(state, MAX_DEPTH) ? findPart(state, "state", isTooDeep) : null;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  for (const part of Array.isArray(value) ? value : Object.values(value)) if (isDeeper(part, levels - 1)) return true;
  return false;
}

/** Whether a JSON text has so many brackets that it may be nested too deep: few have. */
export function mayBeTooDeep(text: string): boolean {
  if (text.length < 2 * MAX_DEPTH) return false;
  let opened = 0;
  for (const bracket of ["{", "["])
    for (let index = text.indexOf(bracket); index !== -1; index = text.indexOf(bracket, index + 1)) if (++opened > MAX_DEPTH) return true;
  return false;
}
