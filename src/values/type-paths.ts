import { isObject } from "../runtime/native-types.js";

/** What a value was: a word, or an error and what else it had. */
export type Type = string | readonly ["error", ErrorDetail];

/** What an error was, beside the texts that stand in its place. */
interface ErrorDetail {
  /** Name of its class. */
  readonly class: string;
  /** Its other properties. */
  readonly rest?: object;
  /** What these were. */
  readonly values?: TypePaths;
}

/** What the values of a JSON document were, by their paths: `a.b.0`. */
export interface TypePaths {
  [path: string]: Type;
}

/** Types to which those of values are added. */
export function noTypes(): TypePaths {
  return Object.create(null) as TypePaths; // a path can be `__proto__`
}

/** A key as a part of a path. */
export function pathKey(key: string): string {
  return key.replace(/[\\.]/g, "\\$&");
}

/** What a stored place was, and the places in it that were something. */
export interface TypesNode {
  type?: unknown;
  readonly parts: Map<string, TypesNode>;
}

/** Stored types that our writer would not write for the JSON beside them. */
export class InvalidTypesError extends Error {
  constructor(problem = "it doesn't fit the JSON beside it") {
    super(problem);
  }
}

/** Reads stored types. @throws {InvalidTypesError} if they aren't a map of at least one path as {@link pathKey} writes it. */
export function readTypes(stored: unknown): TypesNode {
  if (!isObject(stored) || Object.keys(stored).length === 0) throw new InvalidTypesError();
  const root: TypesNode = { parts: new Map() };
  for (const [path, type] of Object.entries(stored)) {
    let node = root;
    for (const key of keysOf(path)) {
      const part = node.parts.get(key) ?? { parts: new Map() };
      node.parts.set(key, part);
      node = part;
    }
    node.type = type;
  }
  return root;
}

function keysOf(path: string): string[] {
  const keys = [...`.${path}`.matchAll(/\.((?:[^.\\]|\\[.\\])*)/gy)];
  if (keys.reduce((length, [key]) => length + key.length, -1) !== path.length) throw new InvalidTypesError();
  return keys.map(([, key = ""]) => key.replace(/\\(.)/g, "$1"));
}
