import { isProxy } from "../runtime/native-types.js";
import { quote } from "./quote.js";

/** What was found, for messages: short values as they are, else their kind. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value.length > 60 ? `a string of ${value.length} characters` : quote(value);
    case "number":
    case "boolean":
    case "undefined":
      return String(value);
    case "bigint":
      return `${value}n`;
    default:
      return kindOf(value);
  }
}

/** What kind of value was found, for messages that must not repeat a state: it may hold secrets. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (isProxy(value)) return "a Proxy";
  if (Array.isArray(value)) return "an array";
  if (typeof value !== "object") return `a ${typeof value}`;
  const prototype: object | null = Reflect.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return "an object";
  return `an instance of ${nameOf(prototype) || "an unnamed class"}`;
}

// Without calling any code of the value's: an accessor could throw.
function nameOf(prototype: object): string {
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  const name: unknown = typeof constructor === "function" ? Object.getOwnPropertyDescriptor(constructor, "name")?.value : undefined;
  return typeof name === "string" ? name : "";
}
