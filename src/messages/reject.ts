import { isObject } from "../runtime/native-types.js";
import { kindOf } from "./describe.js";

/** Ends a check with what was expected and found. */
export type Reject = (problem: string) => never;

/** Ends the reading or writing of an instance: where it went wrong, and what was expected and found there. */
export type Fail = (path: string, problem: string) => never;

/** Fails at one place. */
export function at(path: string, fail: Fail): Reject {
  return (problem) => fail(path, problem);
}

/** An object, and no array. */
export function checkObject(value: unknown, reject: Reject): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : reject(`expected an object, found ${kindOf(value)}`);
}
