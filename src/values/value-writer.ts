import { kindOf } from "../messages/describe.js";
import { formatPath, type Segment } from "../messages/path.js";
import { NotSerializableError } from "../errors.js";
import type { BigIntegers } from "./big-integers.js";
import { classOf, isErrorName } from "./classes.js";
import { writeError } from "./error-writer.js";
import { insteadOf } from "./instead.js";
import { entriesOf, isErrorObject, isoOf, MAP_MUTATORS, membersOf, ownDataOf, SET_MUTATORS } from "./native-parts.js";
import { checkKey, isEnumerable, type ObjectWriter, type Target } from "./object-writer.js";
import { outwards, type Place, rootPlace, segmentsOf } from "./place.js";
import { MAX_DEPTH } from "./plain.js";
import { writeScalar } from "./scalar-writer.js";
import { isSource } from "./source.js";
import { pathKey, type Type } from "./type-paths.js";

/**
 * Writes a value as JSON, strictly, reading each part once, and notes what it was. The JSON has BigInts for integers that it
 * holds digit by digit.
 *
 * @throws {NotSerializableError} with the path of the first thing that could not come back as it is.
 */
export function writeValue(root: unknown, rootPath: string, rootTarget: Target, bigIntegers: BigIntegers): unknown {
  let here = rootPlace(root);

  const reject = (problem: string, place = here): never => {
    const cycle = cycleAround(place);
    const path = formatPath(rootPath, segmentsOf(cycle ?? place));
    throw new NotSerializableError(path, `${path} can't be stored: ${cycle === undefined ? problem : "it is in a cycle"}`);
  };

  const write = (place: Place, target: Target): unknown => {
    const { value } = place;
    const is = (type: Type): void => void (target.types[target.storedPath] = type);
    if (typeof value !== "object" || value === null) return writeScalar(value, bigIntegers, is, (problem) => reject(problem, place));
    if (place.depth >= MAX_DEPTH) return reject(`it is nested deeper than ${MAX_DEPTH} levels`, place);
    const child = (segment: Segment): Place => ({ value: undefined, parent: place, segment, depth: place.depth + 1 });
    const written = writeObject(value, {
      is,
      part(segment, storedKey, read, into = { ...target, storedPath: `${target.storedPath}.${storedKey}` }) {
        here = child(segment);
        here = { ...here, value: read() };
        return write(here, into);
      },
      reject: (problem, segment) => reject(problem, segment === undefined ? place : child(segment)),
    });
    if (written !== undefined) return written;
    return reject(`expected a value that JSON or this package keeps, found ${kindOf(value)}${insteadOf(value)}`, place);
  };

  try {
    return write(here, rootTarget);
  } catch (error) {
    if (error instanceof NotSerializableError) throw error;
    return reject("reading it throws"); // a getter, a revoked Proxy
  }
}

/** The first place, from outside, of a value that it is in itself. Whatever is wrong further in, the limit of levels or the stack's end, is due to that. */
function cycleAround(place: Place): Place | undefined {
  const seen = new Set<unknown>();
  for (const outer of [...outwards(place)].reverse()) {
    if (seen.has(outer.value)) return outer;
    seen.add(outer.value);
  }
  return undefined;
}

/** Writes an object; `undefined` for one of a class that isn't stored, or that only looks like one. */
function writeObject(value: object, writer: ObjectWriter): unknown {
  const name = classOf(value);
  if (Array.isArray(value)) return name === "Array" ? writeArray(value, writer) : writer.reject(NOT_PLAIN);
  if (name === "Object") return writePlain(value, writer);
  if (isErrorName(name)) return isErrorObject(value) ? writeError(value, name, writer) : undefined;
  if (name === "Date") return writeDate(value, writer);
  if (name === "Map") return writeMap(value, writer);
  return name === "Set" ? writeSet(value, writer) : undefined;
}

const NOT_PLAIN = "expected a plain array, found an array of a subclass";

function writeArray(array: readonly unknown[], writer: ObjectWriter): unknown {
  const json: unknown[] = [];
  for (let index = 0; index < array.length; index++) {
    if (!Object.hasOwn(array, index)) writer.reject("a hole in an array would come back as undefined", index);
    json.push(writer.part(index, String(index), () => array[index]));
  }
  if (Reflect.ownKeys(array).length !== array.length + 1) writer.reject("properties of its own on an array would be lost");
  return json;
}

function writePlain(object: object, writer: ObjectWriter): unknown {
  const json = Object.create(null) as Record<string, unknown>;
  for (const key of Reflect.ownKeys(object)) {
    if (isSource(key)) continue;
    const name = checkKey(key, writer);
    if (!isEnumerable(object, key)) writer.reject("a property that isn't enumerable would be lost", name);
    json[name] = writer.part(name, pathKey(name), () => Reflect.get(object, key));
  }
  return json;
}

function writeDate(date: object, writer: ObjectWriter): unknown {
  rejectProperties(date, ["constructor"], writer);
  writer.is("Date");
  return isoOf(date) ?? writer.reject("an invalid Date");
}

function writeMap(map: object, writer: ObjectWriter): unknown {
  rejectProperties(map, MAP_MUTATORS, writer);
  writer.is("map");
  return entriesOf(map)?.map(([key, item], index) => {
    const place = typeof key === "string" ? `.get(${JSON.stringify(key)})` : `.values()[${index}]`;
    return [writer.part({ text: `.keys()[${index}]` }, `${index}.0`, () => key), writer.part({ text: place }, `${index}.1`, () => item)];
  });
}

function writeSet(set: object, writer: ObjectWriter): unknown {
  rejectProperties(set, SET_MUTATORS, writer);
  writer.is("set");
  return membersOf(set)?.map((member, index) => writer.part({ text: `.values()[${index}]` }, String(index), () => member));
}

function rejectProperties(value: object, methods: readonly string[], writer: ObjectWriter): void {
  if (ownDataOf(value, methods).length > 0) writer.reject(`properties of its own on ${kindOf(value)} would be lost`);
}
