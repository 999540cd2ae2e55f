import { isObject } from "../runtime/native-types.js";

/** What a value was: a word, or an error and what else it had. */
export type Type = string | readonly ["error", ErrorDetail];

/** What an error was, beside the texts that stand in its place. */
export interface ErrorDetail {
  /** Name of its class. */
  readonly class: string;
  /** Its other properties. */
  readonly rest?: object;
  /** What these were. */
  readonly values?: Inner;
}

/** What the values of a JSON document were. */
export type Tree = Inner | readonly [type: Type] | readonly [type: Type, inner: Inner];

/** The trees of the parts that JSON lacks, by their paths: `a.b.0`. */
export interface Inner {
  [path: string]: Tree;
}

/** Adds the tree of a part, which is at a path of {@link pathKey}s, to that of the whole. */
export function addPart(whole: Inner | undefined, path: string, part: Tree | undefined): Inner | undefined {
  if (part === undefined) return whole;
  const inner = whole ?? (Object.create(null) as Inner);
  if (isTyped(part)) inner[path] = part;
  else for (const [rest, tree] of Object.entries(part)) inner[`${path}.${rest}`] = tree;
  return inner;
}

/** A key as a part of a path. */
export function pathKey(key: string): string {
  return key.replace(/[\\.]/g, "\\$&");
}

/** The tree of a value that was of this type. */
export function typed(type: Type, inner?: Inner): Tree {
  return inner === undefined ? [type] : [type, inner];
}

function isTyped(tree: Tree): tree is readonly [Type] | readonly [Type, Inner] {
  return Array.isArray(tree);
}

/** What a stored place was, and the places in it that were something. */
export interface TypesNode {
  type: unknown;
  readonly parts: Map<string, TypesNode>;
}

/** Stored types that our writer would not write for the JSON beside them. `problem` says why, if there is more to say. */
export class InvalidTypesError extends Error {
  readonly problem: string;

  constructor(problem: string = "it doesn't fit the JSON beside it") {
    super(problem);
    this.problem = problem;
  }
}

/**
 * Reads the parts of a stored tree, in the one form in which {@link addPart} writes them.
 *
 * @throws {InvalidTypesError} for any other.
 */
export function readTypes(stored: unknown): TypesNode {
  const root: TypesNode = { type: undefined, parts: new Map() };
  readParts(root, stored);
  return root;
}

function readParts(node: TypesNode, stored: unknown): void {
  if (!isObject(stored) || Object.keys(stored).length === 0) throw new InvalidTypesError();
  for (const [path, tree] of Object.entries(stored)) {
    let part = node;
    for (const key of keysOf(path)) part = partOf(part, key);
    readTyped(part, tree);
  }
}

function partOf(node: TypesNode, key: string): TypesNode {
  if (node.type !== undefined) throw new InvalidTypesError(); // its parts stand beside its type
  const part = node.parts.get(key) ?? { type: undefined, parts: new Map() };
  node.parts.set(key, part);
  return part;
}

function readTyped(node: TypesNode, stored: unknown): void {
  if (!Array.isArray(stored) || node.type !== undefined || node.parts.size > 0) throw new InvalidTypesError();
  const [type, inner, ...more] = stored as readonly unknown[];
  if (type === undefined || more.length > 0) throw new InvalidTypesError();
  if (stored.length === 2) readParts(node, inner);
  node.type = type;
}

function keysOf(path: string): string[] {
  const keys: string[] = [];
  let key = "";
  for (let index = 0; index <= path.length; index++) {
    const char = path[index];
    if (char === "." || char === undefined) {
      keys.push(key);
      key = "";
    } else if (char === "\\") {
      const escaped = path[++index];
      if (escaped !== "\\" && escaped !== ".") throw new InvalidTypesError();
      key += escaped;
    } else key += char;
  }
  return keys;
}
