import assert from "node:assert/strict";
import { runInNewContext } from "node:vm";
import type { Instance } from "../../instance/instance.js";
import { anInstance } from "../an-instance.js";
import { type Cases, eachCase } from "./cases.js";

const cyclic: Record<string, unknown> = {};
cyclic.self = { cyclic };
const cyclicMap = new Map<string, unknown>();
cyclicMap.set("self", cyclicMap);

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
function fail(): never {
  throw new Error("secret");
}

class Money {
  readonly cents = 1;
}
class NotFound extends Error {}
class Index extends Map {}
class List extends Array {}

/** What would not come back as it went in, and the path from it to the trouble. */
const values: readonly (readonly [name: string, value: unknown, path: string])[] = [
  ["a function", () => 1, ""],
  ["a class", Money, ""],
  ["a symbol", Symbol("s"), ""],
  ["an instance of a class", new Money(), ""],
  ["a subclass of Error", new NotFound(), ""],
  ["a subclass of Map", new Index(), ""],
  ["a Buffer", Buffer.from("x"), ""],
  ["an ArrayBuffer", new ArrayBuffer(1), ""],
  ["a Promise", Promise.resolve(), ""],
  ["a WeakMap", new WeakMap(), ""],
  ["a boxed number", Object(1), ""],
  ["a value with toJSON", { toJSON: () => 1 }, ".toJSON"],
  ["an invalid Date", new Date(Number.NaN), ""],
  ["a Date with a property", Object.assign(new Date(0), { zone: "UTC" }), ""],
  ["a RegExp", /a/g, ""],
  ["a URL", new URL("https://example.com/"), ""],
  ["a typed array", new Uint8Array([1]), ""],
  ["a hole in an array", [1, , 3], "[1]"],
  ["a subclass of Array", new List(), ""],
  ["an array with a property", Object.assign([1], { total: 1 }), ""],
  ["a symbol as a key", { [Symbol("s")]: 1 }, ""],
  ["a key with NUL", { "a\0": 1 }, '["a\\u0000"]'],
  ["a key with a lone surrogate", { "\udc00": 1 }, '["\\udc00"]'],
  ["a function in a Map", new Map([["k", { f: () => 1 }]]), '.get("k").f'],
  ["a function as a Map's key", new Map([[() => 1, 1]]), ".keys()[0]"],
  ["a function in a Set", new Set([1, () => 1]), ".values()[1]"],
  ["a Map whose set is a number", Object.assign(new Map(), { set: 1 }), ""],
  ["a function in an Error", Object.assign(new Error("x"), { retry: () => 1 }), ".retry"],
  ["a hidden property", Object.defineProperty({ a: 1 }, "toJSON", { value: () => 1 }), ".toJSON"],
  ["a hidden index of an array's kin", Object.defineProperty([1], "total", { value: 1 }), ""],
  ["a Proxy of a Date", new Proxy(new Date(0), {}), ""],
  ["a revoked Proxy", revoked(), ""],
  ["what only inherits from Date", Object.create(Date.prototype), ""],
  ["what only inherits from Error", Object.create(Error.prototype), ""],
  ["a getter that throws", { list: [Object.defineProperty({}, "a", { enumerable: true, get: fail })] }, ".list[0].a"],
  ["a symbol as a key of an Error", Object.assign(new Error("x"), { [Symbol("s")]: 1 }), ""],
  ["a Set with a property", Object.assign(new Set(), { total: 1 }), ""],
  ["an instance of a class of another realm", runInNewContext("new (class Money { cents = 1; })()"), ""],
  ["a subclass of another realm's Date", runInNewContext("new (class Day extends Date {})(0)"), ""],
  ["a BigInt of more digits than are read in a millisecond", 10n ** 10_000n, ""],
  ["a cycle", cyclic, ".self.cyclic"],
  ["a cycle through a Map", cyclicMap, '.get("self")'],
];

/** As a bundler leaves Prisma's class. */
class Decimal2 {
  get [Symbol.toStringTag](): string {
    return "Decimal";
  }
}

const instead: readonly (readonly [value: object, words: string])[] = [
  [/a/g, "its source and flags"],
  [new URL("https://example.com/"), "String(url)"],
  [new Float64Array(1), 'Buffer.from(bytes).toString("base64")'],
  [Buffer.from("x"), 'Buffer.from(bytes).toString("base64")'],
  [new Decimal2(), "decimal.toString()"],
];

const entry = { stepRef: "a", event: "b", timestamp: "2026-04-12T10:11:12Z", contextUpdates: null };

/** Values that are not instances, and where the problem is. */
const instances: readonly (readonly [name: string, change: object, path: string])[] = [
  ["an undefined id", { id: undefined }, "id"],
  ["an empty id", { id: "" }, "id"],
  ["an id of 256 characters", { id: "😀".repeat(256) }, "id"],
  ["an id with NUL", { id: "a\0" }, "id"],
  ["an id with a lone surrogate", { id: "a\ud800" }, "id"],
  ...[" ", "\t\n", "\u00a0", "\u2003\u0085", "\u3000\u2028"].flatMap((blank) => [
    [`the id ${JSON.stringify(blank)}, of white space only`, { id: blank }, "id"] as const,
    [`the workflow ${JSON.stringify(blank)}, of white space only`, { workflow: blank }, "workflow"] as const,
  ]),
  ["an unknown field", { note: 1 }, "note"],
  ["an unknown field that is undefined", { "a note": undefined }, '["a note"]'],
  ["a symbol as a field", { [Symbol("s")]: 1 }, "[Symbol(s)]"],
  ["an unknown field of the context", { context: { initial: {}, steps: {}, shared: 1 } }, "context.shared"],
  ["an unknown field of an entry", { executionHistory: [entry, { ...entry, worker: 7 }] }, "executionHistory[1].worker"],
  ["a hole in the history", { executionHistory: [entry, , entry] }, "executionHistory[1]"],
  ["a property of the history", { executionHistory: Object.assign([entry], { total: 1 }) }, "executionHistory.total"],
  ["a property of the active steps", { activeSteps: Object.assign(new Set(["a"]), { total: 1 }) }, "activeSteps.total"],
  ["a property of the completed steps", { completedSteps: Object.assign(new Set(), { [Symbol("s")]: 1 }) }, "completedSteps[Symbol(s)]"],
  ["an empty workflow", { workflow: "" }, "workflow"],
  ["a workflow with NUL", { workflow: "a\0" }, "workflow"],
  ["an unknown status", { status: "paused" }, "status"],
  ...[0, -1, 1.5, 2 ** 31, Number.NaN, "1", undefined].map(
    (version) => [`the version ${JSON.stringify(version)} (${typeof version})`, { workflowVersion: version }, "workflowVersion"] as const,
  ),
  ["an undefined current step", { currentStep: undefined }, "currentStep"],
  ["an active step with NUL", { activeSteps: new Set(["a\0"]) }, "activeSteps[0]"],
  ["active steps as an array", { activeSteps: ["a"] }, "activeSteps"],
  ["a context without steps", { context: { initial: {} } }, "context.steps"],
  ...[[], new Map(), new Date(0), new Error("boom")].map(
    (value) => [`${value.constructor.name} as metadata`, { runtimeMetadata: value }, "runtimeMetadata"] as const,
  ),
  ["a Set as the initial context", { context: { initial: new Set(), steps: {} } }, "context.initial"],
  ["a Map as updates", { executionHistory: [{ ...entry, contextUpdates: new Map() }] }, "executionHistory[0].contextUpdates"],
  ["a history that is not an array", { executionHistory: {} }, "executionHistory"],
  ["an entry without an event", { executionHistory: [{ ...entry, event: undefined }] }, "executionHistory[0].event"],
  ...["2026-04-12", "2026-04-12T10:11:12", "2026-04-12T10:11:12+02:00", "2026-02-30T10:11:12Z", "2026-04-12T25:11:12Z"].map(
    (timestamp) =>
      [`the timestamp ${timestamp}`, { executionHistory: [entry, { ...entry, timestamp }] }, "executionHistory[1].timestamp"] as const,
  ),
];

export const rejectionCases: Cases = {
  ...eachCase(
    values,
    ([name]) => `rejects ${name} with its path, and stores nothing`,
    (storage, [, value, path]) =>
      rejects(storage, anInstance({ runtimeMetadata: { a: [0, { b: value }] } }), {
        code: "NOT_SERIALIZABLE",
        path: `runtimeMetadata.a[1].b${path}`,
      }),
  ),

  "rejects 20,000 levels, and stores nothing": (storage) => {
    let value: unknown = 1;
    for (let level = 0; level < 20_000; level++) value = [value];
    return rejects(storage, anInstance({ context: { initial: { value }, steps: {} } }), { code: "NOT_SERIALIZABLE" });
  },

  ...eachCase(
    instead,
    ([value, words]) => `says to store ${words} instead of ${Object.prototype.toString.call(value)}`,
    (storage, [value, words]) => {
      const message = new RegExp(`: store ${words.replace(/[.()"]/g, "\\$&")} instead$`);
      return rejects(storage, anInstance({ runtimeMetadata: { value } }), { code: "NOT_SERIALIZABLE", message });
    },
  ),

  ...eachCase(
    instances,
    ([name]) => `rejects ${name}, and stores nothing`,
    (storage, [, change, path]) => rejects(storage, anInstance(change), { code: "INVALID_INSTANCE", path }),
  ),

  "rejects a list with holes or properties, and anything that is not a list": async (storage) => {
    const lists = [
      [[anInstance(), , anInstance()], "[1]"],
      [Object.assign([anInstance()], { total: 1 }), "total"],
      [{ length: 1 }, ""],
    ] as const;
    for (const [list, path] of lists) await assert.rejects(storage.putMany(list as never), { code: "INVALID_INSTANCE", path });
    assert.deepEqual(await storage.query(), []);
  },

  "rejects an instance that can't be read, and stores nothing": (storage) =>
    rejects(storage, revoked() as Instance, { code: "INVALID_INSTANCE" }),

  "rejects anything that is not an object, and stores nothing": async (storage) => {
    for (const value of [null, undefined, "order::1", 7]) await rejects(storage, value as never, { code: "INVALID_INSTANCE" });
  },
};

async function rejects(storage: Parameters<Cases[string]>[0], instance: Instance, expected: object): Promise<void> {
  await assert.rejects(storage.put(instance), expected, "put");
  await assert.rejects(storage.insert(instance), expected, "insert");
  await assert.rejects(storage.putMany([instance]), expected, "putMany");
  assert.deepEqual(await storage.query(), []);
}
