import { kindOf } from "../messages/describe.js";
import { formatPath, type Segment } from "../messages/path.js";
import { NotSerializableError } from "../errors.js";
import type { BigIntegers } from "./big-integers.js";
import { classOf, type ClassName, isErrorName } from "./classes.js";
import { writeError } from "./error-writer.js";
import { insteadOf } from "./instead.js";
import { entriesOf, isoOf, MAP_MUTATORS, membersOf, ownDataOf, SET_MUTATORS } from "./native-parts.js";
import { type PartWriter, writeProperty } from "./part-writer.js";
import { outwards, type Place, rootPlace, segmentsOf } from "./place.js";
import { MAX_DEPTH } from "./plain.js";
import { type Written, writeScalar } from "./scalar-writer.js";
import { isSource } from "./source.js";
import { addPart, type Inner, pathKey, typed } from "./types-tree.js";

/**
 * Writes a value as JSON, strictly, reading each part once.
 *
 * @throws {NotSerializableError} with the path of the first thing that could not come back as it is.
 */
export function writeValue(root: unknown, rootPath: string, bigIntegers: BigIntegers): Written {
  let here = rootPlace(root);

  const reject = (place: Place, problem: string): never => {
    const path = formatPath(rootPath, segmentsOf(place));
    throw new NotSerializableError(path, `${path} can't be stored: ${problem}`);
  };

  const write = (place: Place): Written => {
    const { value } = place;
    if (typeof value !== "object" || value === null) return writeScalar(value, bigIntegers, (problem) => reject(place, problem));
    if (place.depth >= MAX_DEPTH) return rejectDepth(place, reject);
    const writer: PartWriter = {
      part(segment, read) {
        here = { value: undefined, parent: place, segment, depth: place.depth + 1 };
        here = { ...here, value: read() };
        return write(here);
      },
      reject: (problem, segment) => reject(segment === undefined ? place : { ...place, parent: place, segment }, problem),
    };
    const written = writeObject(value, classOf(value), writer);
    return written ?? writer.reject(`expected a value that JSON or this package keeps, found ${kindOf(value)}${insteadOf(value)}`);
  };

  try {
    return write(here);
  } catch (error) {
    if (error instanceof NotSerializableError) throw error;
    return reject(here, "reading it throws"); // a getter, a revoked Proxy
  }
}

function rejectDepth(place: Place, reject: (place: Place, problem: string) => never): never {
  const seen = new Set<unknown>();
  for (const outer of [...outwards(place)].reverse()) {
    if (seen.has(outer.value)) reject(outer, "it is in a cycle");
    seen.add(outer.value);
  }
  return reject(place, `it is nested deeper than ${MAX_DEPTH} levels`);
}

/** Writes an object of some class; `undefined` for one that has none of those that are stored, or only looks like one. */
function writeObject(value: object, name: ClassName | undefined, writer: PartWriter): Written | undefined {
  if (Array.isArray(value))
    return name === "Array" ? writeArray(value, writer) : writer.reject("expected a plain array, found an array of a subclass");
  if (name === "Object") return writePlain(value, writer);
  if (isErrorName(name)) return writeError(value, name, writer);
  if (name === "Date") return writeDate(value, writer);
  if (name === "Map") return writeMap(value, writer);
  return name === "Set" ? writeSet(value, writer) : undefined;
}

function writeArray(array: readonly unknown[], writer: PartWriter): Written {
  const json: unknown[] = [];
  let inner: Inner | undefined;
  for (let index = 0; index < array.length; index++) {
    if (!Object.hasOwn(array, index)) writer.reject("a hole in an array would come back as undefined", index);
    const part = writer.part(index, () => array[index]);
    json.push(part.json);
    inner = addPart(inner, String(index), part.tree);
  }
  if (Reflect.ownKeys(array).length !== array.length + 1) writer.reject("properties of its own on an array would be lost");
  return { json, tree: inner };
}

function writePlain(object: object, writer: PartWriter): Written {
  const json = Object.create(null) as Record<string, unknown>;
  let inner: Inner | undefined;
  for (const key of Reflect.ownKeys(object)) {
    if (isSource(key)) continue;
    if (typeof key === "symbol") return writer.reject("a property with a symbol as its key would be lost");
    if (Reflect.getOwnPropertyDescriptor(object, key)?.enumerable === false)
      writer.reject("a property that isn't enumerable would be lost", key);
    const part = writeProperty(key, () => Reflect.get(object, key) as unknown, writer);
    json[key] = part.json;
    inner = addPart(inner, pathKey(key), part.tree);
  }
  return { json, tree: inner };
}

function writeDate(date: object, writer: PartWriter): Written {
  rejectProperties(date, ["constructor"], writer);
  const iso = isoOf(date);
  return iso === undefined ? writer.reject("an invalid Date") : { json: iso, tree: typed("Date") };
}

function writeMap(map: object, writer: PartWriter): Written | undefined {
  rejectProperties(map, MAP_MUTATORS, writer);
  let inner: Inner | undefined;
  const json = entriesOf(map)?.map(([key, item], index) => {
    const place: Segment = { text: typeof key === "string" ? `.get(${JSON.stringify(key)})` : `.values()[${index}]` };
    const parts = [writer.part({ text: `.keys()[${index}]` }, () => key), writer.part(place, () => item)];
    for (const [at, { tree }] of parts.entries()) inner = addPart(inner, `${index}.${at}`, tree);
    return parts.map((part) => part.json);
  });
  return json && { json, tree: typed("map", inner) };
}

function writeSet(set: object, writer: PartWriter): Written | undefined {
  rejectProperties(set, SET_MUTATORS, writer);
  let inner: Inner | undefined;
  const json = membersOf(set)?.map((member, index) => {
    const part = writer.part({ text: `.values()[${index}]` }, () => member);
    inner = addPart(inner, String(index), part.tree);
    return part.json;
  });
  return json && { json, tree: typed("set", inner) };
}

function rejectProperties(value: object, mutators: readonly string[], writer: PartWriter): void {
  if (ownDataOf(value, mutators).length > 0) writer.reject(`properties of its own on ${kindOf(value)} would be lost`);
}
