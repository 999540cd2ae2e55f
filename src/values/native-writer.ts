import { isStorableText } from "../instance/check.js";
import { kindOf } from "../messages/describe.js";
import type { Segment } from "../messages/path.js";
import { escapeText } from "./escaped-text.js";
import { addPart, type Inner, typed } from "./meta.js";
import { isErrorName, isTypedArrayName, type NativeClass, type TypedArrayName } from "./native-class.js";
import { entriesOf, hrefOf, isErrorObject, isoOf, jsonOfItem, membersOf, regExpTextOf, typedArrayNameOf } from "./native-parts.js";
import { writeError } from "./error-writer.js";
import type { PartWriter, Written } from "./written.js";

/** Writes an instance of one of JavaScript's classes; returns `undefined` if it only looks like one. */
export function writeNative(value: object, name: NativeClass, writer: PartWriter): Written | undefined {
  if (isErrorName(name)) return isErrorObject(value) ? writeError(value, name, writer) : undefined;
  if (isTypedArrayName(name)) return typedArrayNameOf(value) === name ? writeTypedArray(value, name, writer) : undefined;
  rejectProperties(value, name, writer);
  switch (name) {
    case "Date": {
      const iso = isoOf(value);
      return iso === undefined ? writer.reject("an invalid Date") : { json: iso, tree: typed("Date") };
    }
    case "RegExp":
      return writeRegExp(value, writer);
    case "URL": {
      const href: unknown = Reflect.get(value, "href");
      return typeof href === "string" && hrefOf(href) === href ? { json: href, tree: typed("URL") } : undefined;
    }
    case "Map":
      return writeMap(entriesOf(value), writer);
    case "Set":
      return writeSet(membersOf(value), writer);
    default:
      return undefined;
  }
}

function rejectProperties(value: object, name: NativeClass, writer: PartWriter): void {
  // Those of other environments keep what they are under a symbol.
  const keys = name === "URL" ? Object.getOwnPropertyNames(value) : Reflect.ownKeys(value);
  if (keys.length > (name === "RegExp" ? 1 : 0)) writer.reject(`properties of its own on ${kindOf(value)} would be lost`);
}

function writeRegExp(value: object, writer: PartWriter): Written | undefined {
  const text = regExpTextOf(value);
  if (text === undefined) return undefined;
  if (Reflect.get(value, "lastIndex") !== 0) writer.reject("a RegExp in the middle of its matches would lose its place");
  return isStorableText(text) ? { json: text, tree: typed("regexp") } : { json: escapeText(text), tree: typed(["custom", "regexp"]) };
}

function writeMap(entries: readonly [unknown, unknown][] | undefined, writer: PartWriter): Written | undefined {
  let inner: Inner | undefined;
  const json = entries?.map(([key, item], index) => {
    const place: Segment = { text: typeof key === "string" ? `.get(${JSON.stringify(key)})` : `.values()[${index}]` };
    const writtenKey = writer.part(key, { text: `.keys()[${index}]` });
    const writtenItem = writer.part(item, place);
    inner = addPart(inner, String(index), addPart(addPart(undefined, "0", writtenKey.tree), "1", writtenItem.tree));
    return [writtenKey.json, writtenItem.json];
  });
  return json && { json, tree: typed("map", inner) };
}

function writeSet(members: readonly unknown[] | undefined, writer: PartWriter): Written | undefined {
  let inner: Inner | undefined;
  const json = members?.map((member, index) => {
    const written = writer.part(member, { text: `.values()[${index}]` });
    inner = addPart(inner, String(index), written.tree);
    return written.json;
  });
  return json && { json, tree: typed("set", inner) };
}

/** As a list of numbers; those that JSON lacks, and BigInts, are texts. */
function writeTypedArray(value: object, name: TypedArrayName, writer: PartWriter): Written {
  const items: unknown[] = Array.prototype.slice.call(value);
  if (Reflect.ownKeys(value).length !== items.length) writer.reject(`properties of its own on ${kindOf(value)} would be lost`);
  return { json: items.map(jsonOfItem), tree: typed(["typed-array", name]) };
}
