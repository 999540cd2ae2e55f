import { isStorableText } from "../instance/check.js";
import { kindOf } from "../messages/describe.js";
import { formatPath, type Segment } from "../messages/path.js";
import { NotSerializableError } from "../errors.js";
import { isAsStored } from "./as-stored.js";
import { addPart, type Inner } from "./meta.js";
import { type Place, segmentsOf } from "./place.js";
import { MAX_DEPTH } from "./plain.js";
import { nativeClassOf } from "./native-class.js";
import { writeNative } from "./native-writer.js";
import { writeScalar } from "./scalar-writer.js";
import { isSource } from "../state/unknown-fields.js";
import type { PartWriter, Written } from "./written.js";

interface Level extends Place {
  readonly value: object;
  readonly parent: Level | null;
  readonly depth: number;
}

interface Deep {
  readonly place: Level;
  readonly into: object;
}

/**
 * Writes a value as JSON, strictly, reading each part once.
 *
 * @throws {NotSerializableError} with the path of the first thing that could not come back as it is.
 */
export function writeValue(root: unknown, rootPath: string, exactIntegers: boolean): Written {
  let here: Level | null = null; // the object or array that is being written
  let reading: Segment | null = null; // its part
  const deep: Deep[] = [];

  const rejectAt = (place: Level | null, segment: Segment | null, problem: string): never => {
    const path = formatPath(rootPath, [...(place === null ? [] : segmentsOf(place)), ...(segment === null ? [] : [segment])]);
    throw new NotSerializableError(path, `${path} can't be stored: ${problem}`);
  };

  const write = (value: unknown, segment: Segment): Written => {
    if (typeof value !== "object" || value === null) return writeScalar(value, exactIntegers, writer.reject);
    const outer = here;
    const depth = outer === null ? 0 : outer.depth + 1;
    here = { parent: outer, segment, value, depth };
    reading = null;
    const written = depth < MAX_DEPTH ? object(value, here) : stored(value, here);
    here = outer;
    return written;
  };

  const object = (value: object, place: Level): Written => {
    const name = nativeClassOf(value);
    if (Array.isArray(value) && name === "Array") return array(value, []);
    if (Array.isArray(value)) return rejectAt(place, null, "expected a plain array, found an array of a subclass");
    if (name === "Object") return plain(value, newObject());
    const written = name === undefined ? undefined : writeNative(value, name, writer);
    if (written !== undefined) return written;
    return rejectAt(place, null, `expected a value that JSON or this package keeps, found ${kindOf(value)}`);
  };

  /** What came from a row may go back at any depth. Later, so that no stack is too small. */
  const stored = (value: object, place: Level): Written => {
    if (!isAsStored(value)) return rejectDepth(place);
    const into = Array.isArray(value) ? [] : newObject();
    if (place.depth % MAX_DEPTH !== 0) return { json: fill(value, into) };
    rejectCycle(place);
    deep.push({ place, into });
    return { json: into };
  };

  const fill = (value: object, into: object): object => {
    const { json, tree } = Array.isArray(value) && Array.isArray(into) ? array(value, into) : plain(value, into);
    if (tree !== undefined) writer.reject(`it is nested deeper than ${MAX_DEPTH} levels`);
    return Object(json) as object;
  };

  const array = (value: readonly unknown[], into: unknown[]): Written => {
    let inner: Inner | undefined;
    for (let index = 0; index < value.length; index++) {
      if (!Object.hasOwn(value, index)) writer.reject("a hole in an array would come back as undefined", index);
      const { json, tree } = writer.part(value[index], index);
      into.push(json);
      inner = addPart(inner, String(index), tree);
    }
    if (Reflect.ownKeys(value).length !== value.length + 1) writer.reject("properties of its own on an array would be lost");
    return { json: into, tree: inner };
  };

  const plain = (value: object, into: object): Written => {
    let inner: Inner | undefined;
    for (const key of Reflect.ownKeys(value)) {
      if (!writer.isKept(value, key)) continue;
      if (Reflect.getOwnPropertyDescriptor(value, key)?.enumerable === false)
        writer.reject("a property that isn't enumerable would be lost", key);
      const { json, tree } = writer.part(read(value, key), key);
      Reflect.set(into, key, json);
      inner = addPart(inner, key, tree);
    }
    return { json: into, tree: inner };
  };

  const read = (value: object, key: string): unknown => {
    reading = key;
    return Reflect.get(value, key);
  };

  const rejectDepth = (place: Level): never => {
    rejectCycle(place);
    return rejectAt(place, null, `it is nested deeper than ${MAX_DEPTH} levels`);
  };

  const rejectCycle = (place: Level): void => {
    const seen = new Set<object>();
    for (const outer of outwards(place).reverse()) {
      if (seen.has(outer.value)) rejectAt(outer, null, "it is in a cycle");
      seen.add(outer.value);
    }
  };

  const writer: PartWriter = {
    part(value, segment) {
      reading = segment;
      const written = write(value, segment);
      reading = null;
      return written;
    },

    isKept(value, key): key is string {
      if (isSource(key)) return false;
      if (typeof key === "symbol") return writer.reject("a property with a symbol as its key would be lost");
      if (key === "__proto__" && !isAsStored(value) && !isAsStored(Reflect.get(value, key)))
        return writer.reject("JavaScript's JSON tools don't keep a key __proto__", key);
      if (!isStorableText(key)) return writer.reject("PostgreSQL can't store a key with a NUL character or a lone surrogate", key);
      return true;
    },

    reject: (problem, segment) => rejectAt(here, segment ?? reading, problem),
  };

  try {
    const written = write(root, "");
    for (const { place, into } of deep) {
      here = place;
      fill(place.value, into);
    }
    return written;
  } catch (error) {
    if (error instanceof NotSerializableError) throw error;
    return rejectAt(here, reading, "reading it throws");
  }
}

function newObject(): object {
  return Object.create(null) as object;
}

function outwards(innermost: Level): Level[] {
  const places: Level[] = [];
  for (let place: Level | null = innermost; place !== null; place = place.parent) places.push(place);
  return places;
}
