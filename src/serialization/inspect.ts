import { MAX_DEPTH } from "./plain.js";
import { isStorableText } from "../instance/check.js";
import { kindOf } from "../instance/describe.js";
import { survivesAsNumber } from "./exact-json.js";
import { NotSerializableError } from "../errors.js";
import { formatPath, type Segment } from "../instance/path.js";
import { ERROR_PROTOTYPES, TYPED_ARRAY_PROTOTYPES } from "./superjson-rules.js";

/** What a value needs to be stored and to come back as it is. Plain JSON needs neither. */
export interface Needs {
  /** It holds values that JSON lacks. */
  rich: boolean;
  /** It holds integers that stay JSON numbers though no JavaScript number can hold them. */
  integers: boolean;
}

const RICH_PROTOTYPES: readonly unknown[] = [Date, RegExp, URL, Map, Set].map((type): unknown => type.prototype);

/**
 * Walks a value once, strictly, and notes what it needs.
 *
 * @throws {NotSerializableError} with the path of the first thing that could not come back as it is.
 */
export function inspect(root: unknown, rootPath: string, exactIntegers: boolean, needs: Needs): void {
  const trail: Segment[] = [];
  const ancestors: object[] = [];

  const refuse = (depth: number, problem: string): never => {
    const path = formatPath(rootPath, trail.slice(0, depth));
    throw new NotSerializableError(path, `${path} can't be stored: ${problem}`);
  };

  const visit = (value: unknown, depth: number): void => {
    switch (typeof value) {
      case "boolean":
        return;
      case "string":
        if (!isStorableText(value)) needs.rich = true;
        return;
      case "number":
        if (!Number.isFinite(value) || (value === 0 && Object.is(value, -0))) needs.rich = true;
        return;
      case "undefined":
        needs.rich = true;
        return;
      case "bigint":
        if (exactIntegers && !survivesAsNumber(value)) needs.integers = true;
        else needs.rich = true;
        return;
      case "object":
        if (value !== null) visitObject(value, depth);
        return;
      default:
        refuse(depth, `expected a value that JSON or superjson keeps, found ${kindOf(value)}`);
    }
  };

  const visitChild = (value: unknown, place: Segment, depth: number): void => {
    trail[depth] = place;
    visit(value, depth + 1);
  };

  const visitObject = (value: object, depth: number): void => {
    if (depth >= MAX_DEPTH) refuseDepth(value, depth);
    ancestors[depth] = value;
    if (Array.isArray(value)) return visitArray(value, depth);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return visitPlain(value, depth);
    needs.rich = true;
    visitRich(value, depth, prototype);
  };

  const visitArray = (array: readonly unknown[], depth: number): void => {
    if (Object.getPrototypeOf(array) !== Array.prototype) refuse(depth, `expected a plain array, found ${kindOf(array)} of a subclass`);
    for (let index = 0; index < array.length; index++) {
      const item = array[index];
      trail[depth] = index;
      if (item === undefined && !(index in array)) refuse(depth + 1, "a hole in an array would come back as undefined");
      visit(item, depth + 1);
    }
    if (Object.keys(array).length !== array.length) refuse(depth, "properties of its own on an array would be lost");
  };

  const visitPlain = (object: object, depth: number): void => {
    if (Object.getOwnPropertySymbols(object).length > 0) refuse(depth, "a property with a symbol as its key would be lost");
    for (const [key, value] of Object.entries(object)) {
      trail[depth] = key;
      if (key === "__proto__") refuse(depth + 1, "JavaScript's JSON tools don't keep a key __proto__");
      if (!isStorableText(key)) refuse(depth + 1, "PostgreSQL can't store a key with a NUL character or a lone surrogate");
      visit(value, depth + 1);
    }
  };

  const visitRich = (value: object, depth: number, prototype: unknown): void => {
    if (TYPED_ARRAY_PROTOTYPES.includes(prototype)) return;
    if (ERROR_PROTOTYPES.includes(prototype)) {
      for (const key of Object.getOwnPropertyNames(value)) visitChild(Reflect.get(value, key), key, depth);
      return;
    }
    if (!RICH_PROTOTYPES.includes(prototype)) refuse(depth, `expected a value that JSON or superjson keeps, found ${kindOf(value)}`);
    if (Object.keys(value).length > 0) refuse(depth, `properties of its own on ${kindOf(value)} would be lost`);
    if (value instanceof Map) {
      let index = 0;
      for (const [key, item] of value) {
        visitChild(key, { text: `.keys()[${index}]` }, depth);
        visitChild(item, { text: typeof key === "string" ? `.get(${JSON.stringify(key)})` : `.values()[${index}]` }, depth);
        index++;
      }
    } else if (value instanceof Set) {
      let index = 0;
      for (const item of value) visitChild(item, { text: `.values()[${index++}]` }, depth);
    } else if (value instanceof Date) {
      if (Number.isNaN(value.getTime())) refuse(depth, "an invalid Date");
    } else if (value instanceof RegExp && value.lastIndex !== 0) {
      refuse(depth, "a RegExp in the middle of its matches would lose its place");
    }
  };

  const refuseDepth = (value: object, depth: number): never => {
    ancestors[depth] = value;
    for (let inner = 1; inner <= depth; inner++)
      if (ancestors.indexOf(ancestors[inner] ?? value) < inner) refuse(inner, "it is in a cycle");
    return refuse(depth, `it is nested deeper than ${MAX_DEPTH} levels`);
  };

  visit(root, 0);
}
