import {
  createInstance,
  createPrismaStorage,
  getStorage,
  type Instance,
  type QueryFilters,
  startStorage,
  type Storage,
} from "hephaestus-prisma";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { anInstance } from "../instances.js";

// What a JavaScript caller can pass whatever the types say.
const untyped = <T>(value: unknown): T => value as T;
const entry = { stepRef: "a", event: "b", timestamp: "2026-04-12T10:11:12Z", contextUpdates: null };
const cyclic: Record<string, unknown> = {};
cyclic.self = { cyclic };

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
  ["no instance", null, "INVALID_INSTANCE", "expected an instance, found null"],
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
    "a step that is no string",
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
    "a history that is no array",
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
    `instance "order::1" is invalid at executionHistory[1].timestamp: expected an ISO 8601 time in UTC, such as 2026-04-12T10:11:12.345678Z, found "${timestamp}"`,
  ]),
  [
    "a function",
    anInstance({ runtimeMetadata: { a: [0, { b: () => 1 }] } }),
    "NOT_SERIALIZABLE",
    "runtimeMetadata.a[1].b can't be stored: expected a JSON value, found a function",
  ],
  [
    "an instance of a class",
    anInstance({ stepConfigs: { a: new (class Money {})() } }),
    "NOT_SERIALIZABLE",
    "stepConfigs.a can't be stored: expected a JSON value, found an instance of Money",
  ],
  [
    "a symbol as a key",
    anInstance({ runtimeMetadata: { a: { [Symbol("s")]: 1 } } }),
    "NOT_SERIALIZABLE",
    "runtimeMetadata.a can't be stored: has a symbol as a key",
  ],
  [
    "a key with NUL",
    anInstance({ runtimeMetadata: { "a\0": 1 } }),
    "NOT_SERIALIZABLE",
    "runtimeMetadata[\"a\\u0000\"] can't be stored: PostgreSQL can't store a string with a NUL character",
  ],
  [
    "a __proto__ key",
    anInstance({ runtimeMetadata: untyped(JSON.parse('{"a":{"__proto__":{}}}')) }),
    "NOT_SERIALIZABLE",
    "runtimeMetadata.a.__proto__ can't be stored: the key __proto__ is not kept by JavaScript's JSON tools",
  ],
];

const filters: [unknown, string, string][] = [
  [null, "", "the filters are invalid: expected an object, found null"],
  ["running", "", "the filters are invalid: expected an object, found a string"],
  [[], "", "the filters are invalid: expected an object, found an array"],
  [
    { state: "running" },
    "state",
    'the filter "state" is invalid: there is no such filter; there are id, status, statusIn, workflow, workflowVersion, workflowFamily',
  ],
  [
    { workflow_family: "Order" },
    "workflow_family",
    'the filter "workflow_family" is invalid: there is no such filter; there are id, status, statusIn, workflow, workflowVersion, workflowFamily',
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
  [{ statusIn: undefined }, "statusIn", 'the filter "statusIn" is invalid: expected an array of statuses, found undefined'],
  [{ statusIn: "running" }, "statusIn", 'the filter "statusIn" is invalid: expected an array of statuses, found a string'],
  [
    { statusIn: ["running", "paused"] },
    "statusIn",
    'the filter "statusIn" is invalid: expected one of pending, running, waiting, completed, failed, found "paused"',
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

describe("what is refused", () => {
  let database: PostgresDatabase;
  let storage: Storage;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    storage = createPrismaStorage(database.client);
    await storage.put(createInstance({ id: "bystander", workflow: "W" }));
    database.statements();
  });
  afterAll(() => database.close());

  /** Expects the error, that no SQL was sent, and that the table is as it was. */
  async function expectRefusal(call: () => Promise<unknown>, expected: object): Promise<void> {
    const error = await call().then(
      () => "no error",
      (raised: unknown) => raised,
    );
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject(expected);
    expect(database.statements()).toEqual([]);
    expect(await database.sql("SELECT id FROM workflow_instances")).toEqual([{ id: "bystander" }]);
  }

  it.each(ids)("get refuses the id %j", (id, message) =>
    expectRefusal(() => storage.get(untyped(id)), { name: "InvalidIdError", code: "INVALID_ID", message }),
  );

  it.each(ids)("delete refuses the id %j", (id, message) =>
    expectRefusal(() => storage.delete(untyped(id)), { code: "INVALID_ID", message }),
  );

  it.each(instances)("put refuses %s", (_, instance, code, message) =>
    expectRefusal(() => storage.put(untyped<Instance>(instance)), { code, message }),
  );

  it("put refuses cycles and what is nested too deeply", async () => {
    let deep: unknown = 1;
    for (let level = 0; level < 20_000; level++) deep = [deep];
    const message = expect.stringMatching(/^context\.initial\..* can't be stored: nested deeper than 500 levels, or in a cycle$/) as string;
    for (const initial of [{ cyclic }, { deep }])
      await expectRefusal(() => storage.put(anInstance({ context: { initial, steps: {} } })), { code: "NOT_SERIALIZABLE", message });
  });

  it.each(filters)("query refuses the filters %j", (given, filter, message) =>
    expectRefusal(() => storage.query(untyped<QueryFilters>(given)), { code: "INVALID_FILTER", filter, message }),
  );

  it.each([[undefined], [null], [{}], [{ workflowInstance: null }]])("createPrismaStorage refuses the client %j", (client) => {
    expect(() => createPrismaStorage(untyped(client))).toThrow(
      /^expected a Prisma Client with the model WorkflowInstance, found .* without it\. .*run: npx prisma generate$/,
    );
  });

  it.each([[""], [7], [null]])("startStorage and getStorage refuse the name %j", (name) => {
    expect(() => startStorage({ client: database.client, name: untyped(name) })).toThrow(/^the storage name is invalid: expected a string/);
    expect(() => getStorage(untyped(name))).toThrow(/^the storage name is invalid: expected a string/);
  });
});
