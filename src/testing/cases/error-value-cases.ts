import assert from "node:assert/strict";
import { runInNewContext } from "node:vm";
import { anInstance } from "../an-instance.js";
import { type Cases, eachCase } from "./cases.js";
import { read } from "./reading.js";

const errors: readonly (readonly [name: string, error: Error])[] = [
  ["an Error", new Error("boom")],
  ["a TypeError with a cause", new TypeError("boom\0", { cause: new RangeError("inner") })],
  ["an AggregateError", new AggregateError([new Error("one"), "two"], "many")],
  ["an AggregateError with a cause, NUL and a code", Object.assign(new AggregateError([1n], "\0", { cause: new Map() }), { code: 1n })],
  ["an Error with errors, and a property constructor", Object.assign(new Error("x"), { errors: [new Date(0)], constructor: 1 })],
  ["an Error without a message, whose name is a number", Object.assign(new Error(), { name: 7 })],
  ["an Error with a name and a code", Object.assign(new Error("aborted"), { name: "AbortError", code: 20, at: new Date(0) })],
];

/** The properties of an error that are data. Engines hide others in it: Bun its line and column. */
function namesOf(error: Error): string[] {
  const isData = (name: string): boolean =>
    ["message", "stack", "cause", "errors"].includes(name) || Object.prototype.propertyIsEnumerable.call(error, name);
  return Object.getOwnPropertyNames(error).filter(isData).sort();
}

export const errorValueCases: Cases = {
  ...eachCase(
    errors,
    ([name]) => `keeps ${name}, its class, stack and properties`,
    async (storage, [, error]) => {
      await storage.put(anInstance({ runtimeMetadata: { error } }));
      const { error: found } = (await read(storage)).runtimeMetadata;
      assert.ok(found instanceof Error);
      assert.deepEqual(found, error);
      assert.equal(found.constructor, error.constructor);
      assert.equal(found.stack, error.stack);
      assert.deepEqual(namesOf(found), namesOf(error));
      assert.deepEqual([found.message, found.cause], [error.message, error.cause]);
    },
  ),

  "keeps errors of another realm as errors of this one": async (storage) => {
    const error = runInNewContext("Object.assign(new RangeError('boom', { cause: new Date(0) }), { code: 7 })") as Error;
    await storage.put(anInstance({ runtimeMetadata: { error } }));
    const { error: found } = (await read(storage)).runtimeMetadata;
    assert.ok(found instanceof RangeError);
    assert.deepStrictEqual([found.message, found.stack, found.cause], [error.message, error.stack, new Date(0)]);
    assert.equal(Reflect.get(found, "code"), 7);
  },
};
