import { isObject } from "../runtime/native-types.js";

/** What a value was: a word of superjson's, or a word with what else it needs. */
export type Type = string | readonly [kind: string, detail: unknown];

/** What the values of a JSON document were, in the form of superjson's `meta.values`. */
export type Tree = Inner | readonly [type: Type] | readonly [type: Type, inner: Inner];

/** The trees of the parts that were richer than JSON, by their paths: `a.b.0`. */
export interface Inner {
  [path: string]: Tree;
}

/** Adds the tree of a part to that of the whole. */
export function addPart(whole: Inner | undefined, key: string, part: Tree | undefined): Inner | undefined {
  if (part === undefined) return whole;
  const inner = whole ?? newInner();
  const path = key.replace(/[\\.]/g, "\\$&");
  if (isTyped(part)) inner[path] = part;
  else for (const [rest, tree] of Object.entries(part)) inner[`${path}.${rest}`] = tree;
  return inner;
}

function newInner(): Inner {
  return Object.create(null) as Inner;
}

/** The tree of a value that was of this type. */
export function typed(type: Type, inner?: Inner): Tree {
  return inner === undefined ? [type] : [type, inner];
}

function isTyped(tree: Tree): tree is readonly [Type] | readonly [Type, Inner] {
  return Array.isArray(tree);
}

/** What a stored place was, and the places in it that were something. */
export interface MetaNode {
  type: unknown;
  readonly parts: Map<string, MetaNode>;
}

/** Stored meta that no writer has written. */
export class BentMeta extends Error {}

// A caller's 500 levels, which Maps make twice as many, and those of a state.
const MAX_LEVELS = 1_020;

/**
 * Reads a stored tree. Its shape is checked before anything is revived, and its depth is bounded.
 *
 * @throws {BentMeta} if it isn't one.
 */
export function readTree(stored: unknown): MetaNode {
  const root = newNode();
  readInto(root, stored, 0);
  return root;
}

function readInto(node: MetaNode, stored: unknown, depth: number): void {
  if (!Array.isArray(stored)) return readParts(node, stored, depth);
  const [type, inner, ...more] = stored as readonly unknown[];
  if (type === undefined || more.length > 0 || node.type !== undefined) throw new BentMeta();
  node.type = type;
  if (stored.length === 2) readParts(node, inner, depth);
}

function readParts(node: MetaNode, stored: unknown, depth: number): void {
  if (!isObject(stored)) throw new BentMeta();
  for (const [path, tree] of Object.entries(stored)) {
    const keys = keysOf(path, MAX_LEVELS - depth);
    let part = node;
    for (const key of keys) part = partOf(part, key);
    readInto(part, tree, depth + keys.length);
  }
}

function partOf(node: MetaNode, key: string): MetaNode {
  const part = node.parts.get(key) ?? newNode();
  node.parts.set(key, part);
  return part;
}

function newNode(): MetaNode {
  return { type: undefined, parts: new Map() };
}

function keysOf(path: string, most: number): string[] {
  const keys: string[] = [];
  let key = "";
  for (let index = 0; index <= path.length; index++) {
    const char = path[index];
    if (char === "." || char === undefined) {
      if (keys.push(key) > most) throw new BentMeta();
      key = "";
    } else if (char === "\\") {
      const escaped = path[++index];
      if (escaped !== "\\" && escaped !== ".") throw new BentMeta();
      key += escaped;
    } else key += char;
  }
  return keys;
}
