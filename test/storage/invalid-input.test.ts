import {
  createInstance,
  createPrismaStorage,
  getStorage,
  type Instance,
  type PrismaClientLike,
  type QueryFilters,
  startStorage,
  type PrismaStorageOptions,
} from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { databaseOn } from "../storage-on.js";

// What a JavaScript caller can pass despite the types.
const untyped = <T>(value: unknown): T => value as T;
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
const kept = "expected a value that JSON or this package keeps, found";

/** A value that can't be stored, the path to the problem in it, and the problem. */
const notSerializable: [string, unknown, string, string][] = [
  ["a function", () => 1, "", `${kept} a function`],
  ["a class", Money, "", `${kept} a function`],
  ["a symbol", Symbol("s"), "", `${kept} a symbol`],
  ["an instance of a class", new Money(), "", `${kept} an instance of Money`],
  ["a subclass of Error", new NotFound(), "", `${kept} an instance of NotFound`],
  ["a subclass of Map", new (class Index extends Map {})(), "", `${kept} an instance of Index`],
  ["a Buffer", Buffer.from("x"), "", `${kept} an instance of Buffer`],
  ["an ArrayBuffer", new ArrayBuffer(1), "", `${kept} an instance of ArrayBuffer`],
  ["a Promise", Promise.resolve(), "", `${kept} an instance of Promise`],
  ["a WeakMap", new WeakMap(), "", `${kept} an instance of WeakMap`],
  ["a boxed number", Object(1), "", `${kept} an instance of Number`],
  ["a value with toJSON", { toJSON: () => 1 }, ".toJSON", `${kept} a function`],
  ["an invalid Date", new Date(Number.NaN), "", "an invalid Date"],
  ["a Date with a property", Object.assign(new Date(0), { zone: "UTC" }), "", "properties of its own on an instance of Date would be lost"],
  ["a RegExp in use", Object.assign(/a/g, { lastIndex: 1 }), "", "a RegExp in the middle of its matches would lose its place"],
  ["a hole in an array", [1, , 3], "[1]", "a hole in an array would come back as undefined"], // prettier-ignore
  ["a subclass of Array", new (class List extends Array {})(), "", "expected a plain array, found an array of a subclass"],
  ["an array with a property", Object.assign([1], { total: 1 }), "", "properties of its own on an array would be lost"],
  ["a symbol as a key", { [Symbol("s")]: 1 }, "", "a property with a symbol as its key would be lost"],
  ["a __proto__ key", JSON.parse('{"__proto__":{}}'), ".__proto__", "JavaScript's JSON tools don't keep a key __proto__"],
  ["a key with NUL", { "a\0": 1 }, '["a\\u0000"]', "PostgreSQL can't store a key with a NUL character or a lone surrogate"],
  ["a key with a lone surrogate", { "\udc00": 1 }, '["\\udc00"]', "PostgreSQL can't store a key with a NUL character or a lone surrogate"],
  ["a function in a Map", new Map([["k", { f: () => 1 }]]), '.get("k").f', `${kept} a function`],
  ["a function as a Map's key", new Map([[() => 1, 1]]), ".keys()[0]", `${kept} a function`],
  ["a function in a Set", new Set([1, () => 1]), ".values()[1]", `${kept} a function`],
  ["a function in an Error", Object.assign(new Error("x"), { retry: () => 1 }), ".retry", `${kept} a function`],
  ["a cycle", cyclic, ".self.cyclic", "it is in a cycle"],
  ["a cycle through a Map", cyclicMap, '.get("self")', "it is in a cycle"],
  ["20,000 levels", nested(20_000), "[0][0][0] … [0][0][0][0][0][0]", "it is nested deeper than 500 levels"],
];

const ids: [unknown, string][] = [
  [undefined, "the id undefined is invalid: expected a string of 1 to 255 characters, found undefined"],
  [null, "the id null is invalid: expected a string of 1 to 255 characters, found null"],
  [7, "the id 7 is invalid: expected a string of 1 to 255 characters, found 7"],
  [{ not: "x" }, "the id an object is invalid: expected a string of 1 to 255 characters, found an object"],
  ["", 'the id "" is invalid: expected a string of 1 to 255 characters, found an empty one'],
  ["x".repeat(256), "the id a string of 256 characters is invalid: expected a string of 1 to 255 characters, found 256"],
  ["a\0b", 'the id "a\\u0000b" is invalid: PostgreSQL can\'t store a string with a NUL character'],
  ["a\ud800b", 'the id "a\\ud800b" is invalid: PostgreSQL can\'t store a string with a lone surrogate'],
];

const instances: [string, unknown, string, string][] = [
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

const filters: [unknown, string, string][] = [
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
    `the filter "${name}" is invalid: expected a string of 1 to 255 characters, found undefined`,
  ]),
  [{ id: { not: "x" } }, "id", 'the filter "id" is invalid: expected a string of 1 to 255 characters, found an object'],
  [
    { status: undefined },
    "status",
    'the filter "status" is invalid: expected one of pending, running, waiting, completed, failed, found undefined',
  ],
  [
    { status: ["running"] },
    "status",
    'the filter "status" is invalid: expected one of pending, running, waiting, completed, failed, found an array',
  ],
  [{ statusIn: undefined }, "statusIn", 'the filter "statusIn" is invalid: expected an array, found undefined'],
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
    'the filter "updatedBefore" is invalid: expected a Date of the years 1 to 9999, found undefined',
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
    'the filter "workflowVersion" is invalid: expected an integer from 1 to 2147483647, found undefined',
  ],
  [
    { workflowVersion: "1" },
    "workflowVersion",
    'the filter "workflowVersion" is invalid: expected an integer from 1 to 2147483647, found "1"',
  ],
  [{ workflowFamily: undefined }, "workflowFamily", 'the filter "workflowFamily" is invalid: expected a string, found undefined'],
  [
    { workflowFamily: "a\0" },
    "workflowFamily",
    'the filter "workflowFamily" is invalid: PostgreSQL can\'t store a string with a NUL character',
  ],
];

describe("invalid input", () => {
  const database = databaseOn(preparePostgresDatabase);
  const storage = createPrismaStorage(database.client);
  beforeAll(async () => {
    await storage.put(createInstance({ id: "bystander", workflow: "W" }));
    database.statements();
  });

  /** Expects the error, that no SQL was sent, and that the table is as it was. */
  async function expectRejection(call: () => Promise<unknown>, expected: object): Promise<void> {
    const error = await call().then(
      () => "no error",
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject(expected);
    expect(database.statements()).toEqual([]);
    expect(await database.sql("SELECT id FROM workflow_instances")).toEqual([{ id: "bystander" }]);
  }

  it.each(ids)("get rejects the id %j", (id, message) =>
    expectRejection(() => storage.get(untyped(id)), { name: "InvalidIdError", code: "INVALID_ID", message }),
  );

  it.each(ids)("delete rejects the id %j", (id, message) =>
    expectRejection(() => storage.delete(untyped(id)), { code: "INVALID_ID", message }),
  );

  it.each(instances)("put rejects %s", (_, instance, code, message) =>
    expectRejection(() => storage.put(untyped<Instance>(instance)), { code, message }),
  );

  it("put rejects a state larger than maxStateBytes, with its size in bytes of UTF-8", async () => {
    const instance = anInstance({ runtimeMetadata: { text: "é".repeat(1_000) } });
    await storage.put(instance);
    const [row] = await database.sql("SELECT octet_length(state::text) - 0 AS bytes FROM workflow_instances WHERE id = 'order::1'");
    await storage.delete("order::1");
    database.statements();
    const limited = createPrismaStorage(database.client, { maxStateBytes: 1_000 });
    const error = await limited.put(instance).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "STATE_TOO_LARGE", id: "order::1", limit: 1_000 });
    const { bytes } = error as { bytes: number };
    expect(bytes).toBeGreaterThan(2_000);
    expect(bytes).toBeLessThan(Number(row?.bytes)); // PostgreSQL shows it with spaces
    await expectRejection(() => limited.put(instance), {
      message: `the state of instance "order::1" has ${bytes} bytes, and maxStateBytes is 1000`,
    });
    const roomy = createPrismaStorage(database.client, { maxStateBytes: bytes });
    await roomy.put(instance);
    await roomy.delete("order::1");
    database.statements();
  });

  it.each([
    [
      { bigints: true },
      'the option "bigints" is invalid: there is no such option; there are model, allowRawSql, table, bigIntegers, maxStateBytes, coalesceWrites, retry, timeoutMs, schemas, onOperation, recordIds, tracer',
    ],
    [{ bigIntegers: "number" }, 'the option "bigIntegers" is invalid: expected "error" or "bigint", found "number"'],
    [{ maxStateBytes: 0 }, 'the option "maxStateBytes" is invalid: expected a positive integer, found 0'],
    [{ coalesceWrites: 1 }, 'the option "coalesceWrites" is invalid: expected true or false, found 1'],
    [{ retry: true }, 'the option "retry" is invalid: expected false or an object, found true'],
    [{ retry: { attempts: 0 } }, 'the option "attempts" is invalid: expected a positive integer, found 0'],
    [
      { retry: { tries: 3 } },
      'the option "tries" is invalid: there is no such option; there are attempts, minDelayMs, maxDelayMs, afterUnknown',
    ],
    [{ maxStateBytes: undefined }, 'the option "maxStateBytes" is invalid: expected a positive integer, found undefined'],
  ])("createPrismaStorage rejects the options %j", (options, message) => {
    expect(() => createPrismaStorage(database.client, untyped<PrismaStorageOptions>(options))).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", message }),
    );
    expect(() => startStorage({ client: database.client, ...untyped<object>(options) })).toThrow(message);
  });

  it.each([
    [
      { onUnreadable: undefined },
      "onUnreadable",
      'the option "onUnreadable" is invalid: expected "throw", "skip" or a function, found undefined',
    ],
    [
      { onUnreadable: "ignore" },
      "onUnreadable",
      'the option "onUnreadable" is invalid: expected "throw", "skip" or a function, found "ignore"',
    ],
    [
      { oncorrupt: "skip" },
      "oncorrupt",
      'the option "oncorrupt" is invalid: there is no such option; there are limit, after, onUnreadable',
    ],
    [null, "", "the options are invalid: expected an object, found null"],
  ])("query rejects the options %j", (options, option, message) =>
    expectRejection(() => storage.query({}, untyped(options)), { code: "INVALID_OPTION", option, message }),
  );

  it.each(filters)("query rejects the filters %j", (given, filter, message) =>
    expectRejection(() => storage.query(untyped<QueryFilters>(given)), { code: "INVALID_FILTER", filter, message }),
  );

  it.each([
    [undefined, "undefined"],
    [null, "null"],
    [{}, "an object without models"],
    [{ workflowInstance: null }, "an object without models"],
    [{ workflowInstance: {}, $order: { upsert() {} }, order: { upsert() {} }, run: { upsert() {} } }, "one with the models order, run"],
    [
      { workflowInstance: { upsert() {}, fields: { id: {}, status: {} } } },
      "one whose model lacks the fields workflow, workflowVersion, state, insertedAt, updatedAt",
    ],
  ])("createPrismaStorage rejects the client %j", (client, found) => {
    expect(() => createPrismaStorage(untyped<PrismaClientLike>(client))).toThrow(
      expect.objectContaining({
        code: "INVALID_CLIENT",
        message:
          `expected a Prisma Client with the model "workflowInstance", found ${found}. ` +
          "Copy hephaestus-prisma's workflow-instance.prisma into your schema folder and run: npx prisma generate. " +
          'If the model has another name in your schema, give it to the storage: { model: "yourName" }',
      }),
    );
  });

  it.each([[""], [7], [null]])("startStorage and getStorage reject the name %j", (name) => {
    expect(() => startStorage({ client: database.client, name: untyped(name) })).toThrow(/^the storage name is invalid: expected a string/);
    expect(() => getStorage(untyped(name))).toThrow(/^the storage name is invalid: expected a string/);
  });
});
