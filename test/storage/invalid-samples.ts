import { anInstance } from "hephaestus-prisma/testing";

/** What a JavaScript caller can pass despite the types. */
export const untyped = <T>(value: unknown): T => value as T;
const entry = { stepRef: "a", event: "b", timestamp: "2026-04-12T10:11:12Z", contextUpdates: null };
const cyclic: Record<string, unknown> = {};
cyclic.self = { cyclic };
const cyclicMap = new Map<string, unknown>();
cyclicMap.set("self", cyclicMap);
const nested = (levels: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
};

class Money {
  cents = 1;
}
class NotFound extends Error {}
const asBase64 = 'Buffer.from(bytes).toString("base64")';
const kept = "expected a value that JSON or this package keeps, found";

/** A value that can't be stored, the path to the problem in it, and the problem. */
const notSerializable: [string, unknown, string, string][] = [
  ["a function", () => 1, "", `${kept} a function`],
  ["a class", Money, "", `${kept} a function`],
  ["a symbol", Symbol("s"), "", `${kept} a symbol`],
  ["an instance of a class", new Money(), "", `${kept} an instance of Money`],
  ["a subclass of Error", new NotFound(), "", `${kept} an instance of NotFound`],
  ["a subclass of Map", new (class Index extends Map {})(), "", `${kept} an instance of Index`],
  ["a Buffer", Buffer.from("x"), "", `${kept} an instance of Buffer: store ${asBase64} instead`],
  ["a typed array", new Float64Array(1), "", `${kept} an instance of Float64Array: store ${asBase64} instead`],
  ["an ArrayBuffer", new ArrayBuffer(1), "", `${kept} an instance of ArrayBuffer: store ${asBase64} instead`],
  ["a RegExp", /a/g, "", `${kept} an instance of RegExp: store its source and flags instead`],
  ["a URL", new URL("https://example.com"), "", `${kept} an instance of URL: store String(url) instead`],
  ["a Promise", Promise.resolve(), "", `${kept} an instance of Promise`],
  ["a WeakMap", new WeakMap(), "", `${kept} an instance of WeakMap`],
  ["a boxed number", Object(1), "", `${kept} an instance of Number`],
  ["a value with toJSON", { toJSON: () => 1 }, ".toJSON", `${kept} a function`],
  ["an invalid Date", new Date(Number.NaN), "", "an invalid Date"],
  ["a Date with a property", Object.assign(new Date(0), { zone: "UTC" }), "", "properties of its own on an instance of Date would be lost"],
  ["a hole in an array", [1, , 3], "[1]", "a hole in an array would come back as undefined"], // prettier-ignore
  ["a subclass of Array", new (class List extends Array {})(), "", "expected a plain array, found an array of a subclass"],
  ["an array with a property", Object.assign([1], { total: 1 }), "", "properties of its own on an array would be lost"],
  ["a symbol as a key", { [Symbol("s")]: 1 }, "", "a property with a symbol as its key would be lost"],
  ["a key with NUL", { "a\0": 1 }, '["a\\u0000"]', "PostgreSQL can't store a key with a NUL character or a lone surrogate"],
  ["a key with a lone surrogate", { "\udc00": 1 }, '["\\udc00"]', "PostgreSQL can't store a key with a NUL character or a lone surrogate"],
  ["a function in a Map", new Map([["k", { f: () => 1 }]]), '.get("k").f', `${kept} a function`],
  ["a function as a Map's key", new Map([[() => 1, 1]]), ".keys()[0]", `${kept} a function`],
  ["a function in a Set", new Set([1, () => 1]), ".values()[1]", `${kept} a function`],
  ["a function in an Error", Object.assign(new Error("x"), { retry: () => 1 }), ".retry", `${kept} a function`],
  ["a cycle", cyclic, ".self.cyclic", "it is in a cycle"],
  ["a cycle through a Map", cyclicMap, '.get("self")', "it is in a cycle"],
  ["20,000 levels", nested(20_000), "[0][0][0] … [0][0][0][0][0][0]", "it is nested deeper than 1000 levels"],
];

export const ids: [unknown, string][] = [
  [undefined, "the id undefined is invalid: expected a string of 1 to 255 characters, found undefined"],
  [null, "the id null is invalid: expected a string of 1 to 255 characters, found null"],
  [7, "the id 7 is invalid: expected a string of 1 to 255 characters, found 7"],
  [{ not: "x" }, "the id an object is invalid: expected a string of 1 to 255 characters, found an object"],
  ["", 'the id "" is invalid: expected a string of 1 to 255 characters, found an empty one'],
  ["x".repeat(256), "the id a string of 256 characters is invalid: expected a string of 1 to 255 characters, found 256"],
  ["a\0b", 'the id "a\\u0000b" is invalid: PostgreSQL can\'t store a string with a NUL character'],
  ["a\ud800b", 'the id "a\\ud800b" is invalid: PostgreSQL can\'t store a string with a lone surrogate'],
];

export const instances: [string, unknown, string, string][] = [
  ["null", null, "INVALID_INSTANCE", "expected an instance, found null"],
  [
    "an undefined id",
    anInstance({ id: untyped(undefined) }),
    "INVALID_INSTANCE",
    "instance undefined is invalid at id: expected a string of 1 to 255 characters, found undefined",
  ],
  [
    "an empty id",
    anInstance({ id: "" }),
    "INVALID_INSTANCE",
    'instance "" is invalid at id: expected a string of 1 to 255 characters, found an empty one',
  ],
  [
    "a long id",
    anInstance({ id: "😀".repeat(256) }),
    "INVALID_INSTANCE",
    "instance a string of 512 characters is invalid at id: expected a string of 1 to 255 characters, found 256",
  ],
  [
    "an empty workflow",
    anInstance({ workflow: "" }),
    "INVALID_INSTANCE",
    'instance "order::1" is invalid at workflow: expected a string of 1 to 255 characters, found an empty one',
  ],
  [
    "a workflow with NUL",
    anInstance({ workflow: "a\0" }),
    "INVALID_INSTANCE",
    'instance "order::1" is invalid at workflow: PostgreSQL can\'t store a string with a NUL character',
  ],
  [
    "an unknown status",
    anInstance({ status: untyped("paused") }),
    "INVALID_INSTANCE",
    'instance "order::1" is invalid at status: expected one of pending, running, waiting, completed, failed, found "paused"',
  ],
  ...[0, -1, 1.5, 2 ** 31, Number.NaN, "1", undefined].map((version): [string, unknown, string, string] => [
    `the version ${JSON.stringify(version)}`,
    anInstance({ workflowVersion: untyped(version) }),
    "INVALID_INSTANCE",
    `instance "order::1" is invalid at workflowVersion: expected an integer from 1 to 2147483647, found ${typeof version === "string" ? '"1"' : String(version)}`,
  ]),
  [
    "a step that is not a string",
    anInstance({ currentStep: untyped(undefined) }),
    "INVALID_INSTANCE",
    'instance "order::1" is invalid at currentStep: expected a string, found undefined',
  ],
  [
    "a step with NUL",
    anInstance({ activeSteps: new Set(["a\0"]) }),
    "INVALID_INSTANCE",
    'instance "order::1" is invalid at activeSteps[0]: PostgreSQL can\'t store a string with a NUL character',
  ],
  [
    "steps as an array",
    anInstance({ activeSteps: untyped(["a"]) }),
    "INVALID_INSTANCE",
    'instance "order::1" is invalid at activeSteps: expected a Set of strings, found an array',
  ],
  [
    "a context without steps",
    anInstance({ context: untyped({ initial: {} }) }),
    "INVALID_INSTANCE",
    'instance "order::1" is invalid at context.steps: expected an object, found undefined',
  ],
  [
    "an array as metadata",
    anInstance({ runtimeMetadata: untyped([]) }),
    "INVALID_INSTANCE",
    'instance "order::1" is invalid at runtimeMetadata: expected an object, found an array',
  ],
  [
    "a history that is not an array",
    anInstance({ executionHistory: untyped({}) }),
    "INVALID_INSTANCE",
    'instance "order::1" is invalid at executionHistory: expected an array, found an object',
  ],
  [
    "an entry without an event",
    anInstance({ executionHistory: [{ ...entry, event: untyped(undefined) }] }),
    "INVALID_INSTANCE",
    'instance "order::1" is invalid at executionHistory[0].event: expected a string, found undefined',
  ],
  ...[
    "2026-04-12",
    "2026-04-12T10:11:12",
    "2026-04-12T10:11:12+02:00",
    "2026-02-30T10:11:12Z",
    "2026-04-12T25:11:12Z",
    "2026-04-12T10:11:12.0123456789Z",
  ].map((timestamp): [string, unknown, string, string] => [
    `the timestamp ${timestamp}`,
    anInstance({ executionHistory: [entry, { ...entry, timestamp }] }),
    "INVALID_INSTANCE",
    `instance "order::1" is invalid at executionHistory[1].timestamp: expected an ISO 8601 time in UTC, such as 2026-04-12T10:11:12.345678Z, found another text of ${timestamp.length} characters`,
  ]),
  ...notSerializable.map(([name, value, path, problem]): [string, unknown, string, string] => [
    name,
    anInstance({ runtimeMetadata: { a: [0, { b: value }] } }),
    "NOT_SERIALIZABLE",
    `runtimeMetadata.a[1].b${path} can't be stored: ${problem}`,
  ]),
  [
    "a function in the initial context",
    anInstance({ context: { initial: { items: [0, 1, 2, { price: () => 1 }] }, steps: {} } }),
    "NOT_SERIALIZABLE",
    "context.initial.items[3].price can't be stored: expected a value that JSON or this package keeps, found a function",
  ],
  [
    "a symbol in an entry's updates",
    anInstance({ executionHistory: [{ ...entry, contextUpdates: { a: Symbol("s") } }] }),
    "NOT_SERIALIZABLE",
    "executionHistory[0].contextUpdates.a can't be stored: expected a value that JSON or this package keeps, found a symbol",
  ],
];

export const filters: [unknown, string, string][] = [
  [null, "", "the filters are invalid: expected an object, found null"],
  ["running", "", "the filters are invalid: expected an object, found a string"],
  [[], "", "the filters are invalid: expected an object, found an array"],
  [
    { state: "running" },
    "state",
    'the filter "state" is invalid: there is no such filter; there are id, status, statusIn, workflow, workflowIn, workflowVersion, workflowFamily, workflowFamilyIn, insertedBefore, insertedAfter, updatedBefore, updatedAfter, stateContains, contextContains',
  ],
  [
    { workflow_family: "Order" },
    "workflow_family",
    'the filter "workflow_family" is invalid: there is no such filter; there are id, status, statusIn, workflow, workflowIn, workflowVersion, workflowFamily, workflowFamilyIn, insertedBefore, insertedAfter, updatedBefore, updatedAfter, stateContains, contextContains',
  ],
  ...["id", "workflow"].map((name): [unknown, string, string] => [
    { [name]: undefined },
    name,
    `the filter "${name}" is invalid: expected a string of 1 to 255 characters, found undefined. If there is none, leave it out: ...(${name} !== undefined && { ${name} })`,
  ]),
  [{ id: { not: "x" } }, "id", 'the filter "id" is invalid: expected a string of 1 to 255 characters, found an object'],
  [
    { status: undefined },
    "status",
    'the filter "status" is invalid: expected one of pending, running, waiting, completed, failed, found undefined. If there is none, leave it out: ...(status !== undefined && { status })',
  ],
  [
    { status: ["running"] },
    "status",
    'the filter "status" is invalid: expected one of pending, running, waiting, completed, failed, found an array',
  ],
  [
    { statusIn: undefined },
    "statusIn",
    'the filter "statusIn" is invalid: expected an array, found undefined. If there is none, leave it out: ...(statusIn !== undefined && { statusIn })',
  ],
  [{ statusIn: "running" }, "statusIn", 'the filter "statusIn" is invalid: expected an array, found a string'],
  [
    { statusIn: ["running", "paused"] },
    "statusIn",
    'the filter "statusIn" is invalid: at [1], expected one of pending, running, waiting, completed, failed, found "paused"',
  ],
  [
    { workflowIn: ["a", ""] },
    "workflowIn",
    'the filter "workflowIn" is invalid: at [1], expected a string of 1 to 255 characters, found an empty one',
  ],
  [{ workflowFamilyIn: "Order" }, "workflowFamilyIn", 'the filter "workflowFamilyIn" is invalid: expected an array, found a string'],
  [
    { insertedBefore: "2026-01-01" },
    "insertedBefore",
    'the filter "insertedBefore" is invalid: expected a Date of the years 1 to 9999, found "2026-01-01"',
  ],
  [
    { updatedAfter: new Date(Number.NaN) },
    "updatedAfter",
    'the filter "updatedAfter" is invalid: expected a Date of the years 1 to 9999, found an invalid one',
  ],
  [
    { updatedBefore: undefined },
    "updatedBefore",
    'the filter "updatedBefore" is invalid: expected a Date of the years 1 to 9999, found undefined. If there is none, leave it out: ...(updatedBefore !== undefined && { updatedBefore })',
  ],
  [{ stateContains: [1] }, "stateContains", 'the filter "stateContains" is invalid: expected an object, found an array'],
  [
    { contextContains: { at: new Date(0) } },
    "contextContains",
    'the filter "contextContains" is invalid: expected plain JSON, as it is stored: a Date is its ISO string there',
  ],
  [
    { contextContains: { text: "\0" } },
    "contextContains",
    'the filter "contextContains" is invalid: expected plain JSON, as it is stored: a Date is its ISO string there',
  ],
  [
    { workflowVersion: undefined },
    "workflowVersion",
    'the filter "workflowVersion" is invalid: expected an integer from 1 to 2147483647, found undefined. If there is none, leave it out: ...(workflowVersion !== undefined && { workflowVersion })',
  ],
  [
    { workflowVersion: "1" },
    "workflowVersion",
    'the filter "workflowVersion" is invalid: expected an integer from 1 to 2147483647, found "1"',
  ],
  [
    { workflowFamily: undefined },
    "workflowFamily",
    'the filter "workflowFamily" is invalid: expected a string, found undefined. If there is none, leave it out: ...(workflowFamily !== undefined && { workflowFamily })',
  ],
  [
    { workflowFamily: "a\0" },
    "workflowFamily",
    'the filter "workflowFamily" is invalid: PostgreSQL can\'t store a string with a NUL character',
  ],
];
