import { node } from "./node.js";

const types = node.getBuiltinModule?.("node:util").types;

/** Whether a value is a Proxy. Without Node, nothing can know, and none is found. */
export function isProxy(value: unknown): boolean {
  return types?.isProxy(value) ?? false;
}

/** Whether a value is a Date, of whatever realm. */
export function isDate(value: unknown): value is Date {
  return types?.isDate(value) ?? Object.prototype.toString.call(value) === "[object Date]";
}

/** Whether a value is an object, and no array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && (isProxy(value) || !Array.isArray(value)); // a revoked Proxy throws
}
