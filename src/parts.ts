import { checkObject, checkText, isObject } from "./instance/check.js";
import { kindOf } from "./instance/describe.js";
import type { JsonLikeObject } from "./instance/instance.js";

/** Ends the reading or writing of an instance: where it went wrong, and what was expected and found there. */
export type Fail = (path: string, problem: string) => never;

/** An object, and no array. */
export function object(value: unknown, path: string, fail: Fail): JsonLikeObject {
  return isObject(value) ? value : checkObject(value, (problem) => fail(path, problem));
}

/** A text that PostgreSQL gives back as it is. */
export function text(value: unknown, path: string, fail: Fail): string {
  return checkText(value, (problem) => fail(path, problem));
}

/** An array of such texts. */
export function names(value: unknown, path: string, fail: Fail): string[] {
  if (!Array.isArray(value)) return fail(path, `expected an array of strings, found ${kindOf(value)}`);
  return value.map((name: unknown, index) => text(name, `${path}[${index}]`, fail));
}

/** Whether a value is an array of strings. */
export function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}
