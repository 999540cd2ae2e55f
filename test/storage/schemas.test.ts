import { inspect } from "node:util";
import { type } from "arktype";
import {
  type AnyWorkflows,
  createInstance,
  createPrismaStorage,
  getStorage,
  type Instance,
  type OnUnreadable,
  type PrismaStorageOptions,
  SchemaMismatchError,
  type StandardSchema,
  startStorage,
  stopStorage,
  type InstanceStorage,
  type UnreadableError,
  type WorkflowSchema,
  type WorkflowSchemas,
} from "hephaestus-prisma";
import * as v from "valibot";
import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { preparePostgresDatabase } from "../database.js";
import { storageOn, TABLE } from "../storage-on.js";

// The same schemas, written with each library. `ship` is a step without one.
const libraries: [string, WorkflowSchema][] = [
  [
    "zod",
    {
      initial: z.object({ items: z.array(z.object({ cents: z.number() })) }),
      steps: { pay: z.object({ receipt: z.string(), at: z.date() }), hook: z.null() },
    },
  ],
  [
    "valibot",
    {
      initial: v.object({ items: v.array(v.object({ cents: v.number() })) }),
      steps: { pay: v.object({ receipt: v.string(), at: v.date() }), hook: v.null() },
    },
  ],
  [
    "arktype",
    {
      initial: type({ items: type({ cents: "number" }).array() }),
      steps: { pay: type({ receipt: "string", at: "Date" }), hook: type("null") },
    },
  ],
  [
    "zod with promises",
    {
      initial: z.object({ items: z.array(z.object({ cents: z.number().refine(async () => Promise.resolve(true)) })) }),
      steps: { pay: z.object({ receipt: z.string().refine(async () => Promise.resolve(true)), at: z.date() }), hook: z.null() },
    },
  ],
  [
    "valibot with promises",
    {
      initial: v.objectAsync({ items: v.arrayAsync(v.objectAsync({ cents: v.number() })) }),
      steps: { pay: v.objectAsync({ receipt: v.string(), at: v.date() }), hook: v.null() },
    },
  ],
];

const SECRET = "4111 1111 1111 1111";
const context = {
  initial: { items: [{ cents: 1 }, { cents: 2 }] },
  steps: { pay: { receipt: "r", at: new Date(0) }, hook: null, ship: 7 },
};

function anOrder(change: Partial<Instance> = {}): Instance {
  return { ...createInstance({ id: "order::1", workflow: "Order.V2" }), context, ...change };
}

const misfits: [string, Instance, string][] = [
  [
    "what it is started with",
    anOrder({ context: { ...context, initial: { items: [{ cents: 1 }, { cents: SECRET }] } } }),
    "context.initial.items[1].cents",
  ],
  [
    "a step",
    anOrder({ context: { ...context, steps: { ...context.steps, pay: { receipt: 7, at: new Date(0), card: SECRET } } } }),
    "context.steps.pay.receipt",
  ],
  ["a whole step", anOrder({ context: { ...context, steps: { hook: SECRET } } }), "context.steps.hook"],
];

const { database, storage: plain } = storageOn(preparePostgresDatabase);
beforeEach(() => void database.statements());

/** Expects the error of a mismatch, which repeats none of the values. */
function expectMismatch(error: unknown, expected: object): void {
  expect(error).toBeInstanceOf(SchemaMismatchError);
  expect(error).toMatchObject({ name: "SchemaMismatchError", code: "SCHEMA_MISMATCH", workflow: "Order.V2", ...expected });
  const { issues } = error as SchemaMismatchError;
  expect(issues.map(({ message }) => message)).toEqual([expect.stringMatching(/./)]);
  expect(inspect(error, { depth: null }) + JSON.stringify(error)).not.toContain(SECRET);
}

const raisedBy = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "no error",
    (error: unknown) => error,
  );

const all = async (stream: AsyncIterable<Instance>): Promise<Instance[]> => {
  const instances: Instance[] = [];
  for await (const instance of stream) instances.push(instance);
  return instances;
};

const bend = (sql: string, id = "order::1"): Promise<unknown> => database.sql(`UPDATE workflow_instances SET ${sql} WHERE id = $1`, [id]);

const ways: [string, PrismaStorageOptions][] = [
  ["Prisma's verbs", {}],
  ["SQL", { table: TABLE }],
];
const cases = libraries.flatMap(([library, schema]) => ways.map(([way, options]) => ({ library, schema, way, options })));

describe.each(cases)("schemas of $library, by $way,", ({ schema, options }) => {
  const schemas: WorkflowSchemas = { "Order.V2": schema };
  const storage: InstanceStorage = createPrismaStorage(database.client, { ...options, schemas });

  it("accept what fits, steps without a schema, steps that have not run, and workflows without schemas", async () => {
    const fitting = [
      anOrder(),
      anOrder({ id: "order::2", context: { ...context, steps: {} } }),
      anOrder({ id: "other", workflow: "constructor", context: { initial: { total: "1" }, steps: { pay: 1 } } }),
    ];
    for (const instance of fitting) await storage.put(instance);
    expect(await storage.query()).toStrictEqual(fitting);
    for (const instance of fitting) expect(await storage.get(instance.id)).toStrictEqual(instance);
  });

  it.each(misfits)("reject %s before any SQL", async (_, instance, path) => {
    const coalescing = createPrismaStorage(database.client, { schemas, table: TABLE, coalesceWrites: true });
    await plain.put(anOrder());
    const current = await storage.get("order::1");
    if (current === null) throw new Error("it is stored");
    database.statements();
    const writes = [
      storage.put(instance),
      storage.put(instance, { expected: current }),
      storage.insert(instance),
      storage.putMany([anOrder({ id: "order::2" }), instance]),
      coalescing.put(instance),
    ];
    const message = `instance "order::1" doesn't fit the schema of its workflow "Order.V2" at ${path}: the validator says why in the error's issues`;
    for (const error of await Promise.all(writes.map(raisedBy))) expectMismatch(error, { id: "order::1", path, message });
    expect(database.statements()).toEqual([]);
    expectMismatch(await raisedBy(storage.update("order::1", () => instance)), { id: "order::1", path, message });
    expect(database.statements()).toHaveLength(1); // the read
    expect(await plain.query()).toStrictEqual([anOrder()]);
  });

  it("reject rows that don't fit", async () => {
    await storage.put(anOrder());
    await bend(`state = jsonb_set(state, '{context,initial,items,1,cents}', '"${SECRET}"')`);
    const expected = {
      id: "order::1",
      path: "state.context.initial.items[1].cents",
      message:
        'row "order::1" doesn\'t fit the schema of its workflow "Order.V2" at state.context.initial.items[1].cents: ' +
        "the validator says why in the error's issues",
    };
    expectMismatch(await raisedBy(storage.get("order::1")), expected);
    expectMismatch(await raisedBy(storage.query()), expected);
    expectMismatch(await raisedBy(storage.stream().next()), expected);
    let changes = 0;
    expectMismatch(await raisedBy(storage.update("order::1", (instance) => (changes++, { ...instance, status: "failed" }))), expected);
    expect(changes).toBe(0);
    expect((await plain.get("order::1"))?.status).toBe("pending");
  });

  it("skip rows that don't fit in listings if onUnreadable says so, and report them to it", async () => {
    await storage.putMany(["a", "b", "c", "d"].map((id) => anOrder({ id })));
    await bend(`state = jsonb_set(state, '{context,steps,hook}', '"${SECRET}"')`, "b");
    await bend("state = '[]'", "c");
    for (const read of [
      (onUnreadable: OnUnreadable) => storage.query({}, { onUnreadable }),
      (onUnreadable: OnUnreadable) => all(storage.stream({}, { onUnreadable, batchSize: 1 })),
    ]) {
      const errors: UnreadableError[] = [];
      expect((await read("skip")).map(({ id }) => id)).toEqual(["a", "d"]);
      expect((await read((error) => errors.push(error))).map(({ id }) => id)).toEqual(["a", "d"]);
      const reported = new Map(errors.map((error) => [error.id, error]));
      expect(errors).toHaveLength(2);
      expectMismatch(reported.get("b"), { id: "b", path: "state.context.steps.hook" });
      expect(reported.get("c")).toMatchObject({ code: "CORRUPT_INSTANCE" });
    }
  });

  it("don't affect a compare-and-swap, an update, or what reads no state", async () => {
    await storage.insert(anOrder());
    const read = await storage.get("order::1");
    if (read === null) throw new Error("it is stored");
    await storage.put({ ...read, status: "running" }, { expected: read });
    const updated = await storage.update("order::1", (instance) => ({ ...instance, status: "waiting" }));
    await storage.put({ ...updated, status: "completed" }, { expected: updated });
    await expect(storage.put({ ...updated, status: "failed" }, { expected: updated })).rejects.toMatchObject({ code: "CONFLICT" });
    const unchanged = await storage.update("order::1", (instance) => instance);
    expect(unchanged).toStrictEqual(anOrder({ status: "completed" }));

    await bend("state = jsonb_set(state, '{context,initial}', '{}')");
    expect((await storage.list()).items).toHaveLength(1);
    expect(await storage.count({ workflow: "Order.V2" })).toBe(1);
    expect(await storage.countBy("workflow")).toEqual(new Map([["Order.V2", 1]]));
    await storage.put(anOrder({ status: "failed" }));
    expect(await storage.prune({ status: "failed" })).toBe(1);
    await storage.delete("order::1");
  });

  it("hold inside a transaction and under a name", async () => {
    startStorage({ client: database.client, name: "checked", ...options, schemas });
    const [, instance] = misfits[0] ?? [];
    if (instance === undefined) throw new Error("there is one");
    const attempt = database.client.$transaction((tx) => getStorage("checked").withTransaction(tx).put(instance));
    expectMismatch(await raisedBy(attempt), { path: "context.initial.items[1].cents" });
    stopStorage("checked");
  });
});

describe("schemas", () => {
  const storageWith = (initial: StandardSchema): InstanceStorage =>
    createPrismaStorage<AnyWorkflows>(database.client, { schemas: { "Order.V2": { initial } } });
  const withInitial = (initial: Instance["context"]["initial"]): Instance => anOrder({ context: { initial, steps: {} } });

  it.each([
    ["zod", z.object({ total: z.coerce.number(), name: z.string().trim(), tags: z.array(z.string()).default([]) })],
    [
      "valibot",
      v.object({
        total: v.pipe(v.unknown(), v.transform(Number)),
        name: v.pipe(v.string(), v.trim()),
        tags: v.optional(v.array(v.string()), []),
      }),
    ],
    ["arktype", type({ total: "string.numeric.parse", name: "string.trim", tags: type("string[]").default(() => []) })],
  ])("of %s that transform check a value without changing it", async (_, schema) => {
    const storage = storageWith(schema);
    const given = withInitial({ total: "12", name: " Ada ", extra: true });
    await storage.put(given);
    const [row] = await database.sql("SELECT state->'context'->'initial' AS initial FROM workflow_instances");
    expect(row?.initial).toEqual({ total: "12", name: " Ada ", extra: true });
    expect(await storage.get("order::1")).toStrictEqual(given);
    expect(given.context.initial).toEqual({ total: "12", name: " Ada ", extra: true });
  });

  it("check an instance as it is when put is called", async () => {
    const storage = storageWith(z.object({ total: z.number() }));
    const initial = { total: 1 };
    const pending = storage.put(withInitial(initial));
    initial.total = 2;
    await pending;
    expect((await storage.get("order::1"))?.context.initial).toEqual({ total: 1 });
  });

  it("see the values, not how they are stored", async () => {
    const storage = storageWith(z.object({ at: z.date(), seen: z.set(z.string()), large: z.bigint() }));
    const instance = withInitial({ at: new Date(0), seen: new Set(["a"]), large: 2n ** 70n });
    await storage.put(instance);
    expect(await storage.get("order::1")).toStrictEqual(instance);
  });

  it("name the first path that doesn't fit, and all issues that the validator has found", async () => {
    const storage = storageWith(z.object({ "a key": z.number(), b: z.number() }));
    const error = await raisedBy(storage.put(withInitial({})));
    expect(error).toMatchObject({ path: 'context.initial["a key"]' });
    expect((error as SchemaMismatchError).issues).toHaveLength(2);
  });

  it("leave anything that is not an instance to the storage's own checks", async () => {
    const storage = storageWith(z.object({}));
    for (const none of [null, undefined, 7, {}, { ...anOrder(), context: null }, { ...anOrder(), context: { initial: {} } }])
      await expect(storage.put(none as never)).rejects.toMatchObject({ code: "INVALID_INSTANCE" });
    expect(database.statements()).toEqual([]);
  });

  it("rethrow what a validator throws, and never treat it as a corrupt row or a database error", async () => {
    const broken = Object.assign(new Error("validator"), { code: "ECONNREFUSED" });
    let calls = 0;
    for (const validate of [
      (): never => {
        calls++;
        throw broken;
      },
      (): Promise<never> => (calls++, Promise.reject(broken)),
    ]) {
      const storage = storageWith({ "~standard": { version: 1, validate } });
      await plain.put(anOrder());
      await expect(storage.put(anOrder())).rejects.toBe(broken);
      await expect(storage.get("order::1")).rejects.toBe(broken);
      await expect(storage.query({}, { onUnreadable: "skip" })).rejects.toBe(broken);
    }
    expect(calls).toBe(7); // the first promise of a storage is asked for again, about a copy that the caller can't change
  });

  const such = "expected a validator of Standard Schema, such as z.object({ … }), found";
  it.each<[unknown, string]>([
    [null, "expected an object, found null at schemas"],
    [[], "expected an object, found an array at schemas"],
    [{ "Order.V2": undefined }, 'expected an object, found undefined at schemas["Order.V2"]'],
    [{ Order: type({}) }, "expected an object, found a function at schemas.Order"],
    [{ Order: { initials: z.object({}) } }, "expected initial and steps, found another key at schemas.Order.initials"],
    [{ Order: { initial: undefined } }, `${such} undefined at schemas.Order.initial`],
    [{ Order: { initial: { total: "number" } } }, `${such} an object at schemas.Order.initial`],
    [{ Order: { initial: { "~standard": { version: 2, validate: () => ({}) } } } }, `${such} an object at schemas.Order.initial`],
    [{ Order: { steps: undefined } }, "expected an object, found undefined at schemas.Order.steps"],
    [{ Order: { steps: { pay: () => true } } }, `${such} a function at schemas.Order.steps.pay`],
  ])("are rejected if they are %j: %s", (schemas, problem) => {
    expect(() => createPrismaStorage(database.client, { schemas: schemas as WorkflowSchemas })).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", option: "schemas", message: `the option "schemas" is invalid: ${problem}` }),
    );
  });
});
