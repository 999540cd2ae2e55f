import {
  createInstance,
  createPrismaStorage,
  getStorage,
  type Instance,
  type PrismaClientLike,
  type PrismaStorageOptions,
  type QueryFilters,
  startStorage,
} from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { databaseOn, TABLE } from "../storage-on.js";
import { filters, ids, instances, untyped } from "./invalid-samples.js";

describe.each([
  { way: "Prisma's verbs", options: {} },
  { way: "SQL", options: { table: TABLE } },
])("invalid input, by $way", ({ options: way }) => {
  const database = databaseOn(preparePostgresDatabase);
  const storage = createPrismaStorage(database.client, way);
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
    const limited = createPrismaStorage(database.client, { ...way, maxStateBytes: 1_000 });
    const error = await limited.put(instance).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "STATE_TOO_LARGE", id: "order::1", limit: 1_000 });
    const { bytes } = error as { bytes: number };
    expect(bytes).toBeGreaterThan(2_000);
    expect(bytes).toBeLessThan(Number(row?.bytes)); // PostgreSQL shows it with spaces
    await expectRejection(() => limited.put(instance), {
      message: `the state of instance "order::1" has ${bytes} bytes, and maxStateBytes is 1000`,
    });
    const roomy = createPrismaStorage(database.client, { ...way, maxStateBytes: bytes });
    await roomy.put(instance);
    await roomy.delete("order::1");
    database.statements();
  });

  it.each([
    [
      { bigints: true },
      'the option "bigints" is invalid: there is no such option; there are model, table, bigIntegers, maxStateBytes, coalesceReads, coalesceWrites, retry, timeoutMs, transform, schemas, onOperation, recordIds, tracer',
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
    [
      { maxStateBytes: undefined },
      'the option "maxStateBytes" is invalid: expected a positive integer, found undefined. If there is none, leave it out: ...(maxStateBytes !== undefined && { maxStateBytes })',
    ],
  ])("createPrismaStorage rejects the options %j", (options, message) => {
    expect(() => createPrismaStorage(database.client, { ...way, ...untyped<PrismaStorageOptions>(options) })).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", message }),
    );
    expect(() => startStorage({ client: database.client, ...way, ...untyped<object>(options) })).toThrow(message);
  });

  it.each([
    [
      { onUnreadable: undefined },
      "onUnreadable",
      'the option "onUnreadable" is invalid: expected "throw", "skip" or a function, found undefined. If there is none, leave it out: ...(onUnreadable !== undefined && { onUnreadable })',
    ],
    [
      { onUnreadable: "ignore" },
      "onUnreadable",
      'the option "onUnreadable" is invalid: expected "throw", "skip" or a function, found "ignore"',
    ],
    [
      { oncorrupt: "skip" },
      "oncorrupt",
      'the option "oncorrupt" is invalid: there is no such option; there are signal, onUnreadable, limit, after, forUpdate',
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
    expect(() => createPrismaStorage(untyped<PrismaClientLike>(client), way)).toThrow(
      expect.objectContaining({
        code: "INVALID_CLIENT",
        message:
          `expected a Prisma Client with the model "workflowInstance", found ${found}. ` +
          "Run: npx hephaestus-prisma init, then npx prisma generate. " +
          'If the model has another name in your schema, give it to the storage: { model: "yourName" }',
      }),
    );
  });

  it.each([[""], [7], [null]])("startStorage and getStorage reject the name %j", (name) => {
    expect(() => startStorage({ client: database.client, name: untyped(name) })).toThrow(/^the storage name is invalid: expected a string/);
    expect(() => getStorage(untyped(name))).toThrow(/^the storage name is invalid: expected a string/);
  });
});

describe("what only SQL can do, by Prisma's verbs", () => {
  const database = databaseOn(preparePostgresDatabase);
  const storage = createPrismaStorage(database.client);
  const advice = "Name the table of the model, so that the storage";

  it.each([
    ["a key __proto__", { list: [JSON.parse('{"__proto__":{}}')] }, "list[0].__proto__"],
    ["Prisma's own key", { raw: { __prismaRawParameters__: true } }, "raw.__prismaRawParameters__"],
    ["an empty $type", { raw: { $type: "" } }, "raw.$type"],
    ["an integer beyond 2^53", { list: [1, { n: 2 ** 53 }] }, "list[1].n"],
    ["a double beyond 2^53", { n: -1e300 }, "n"],
  ])("is not %s in a state", async (_, runtimeMetadata, part) => {
    const path = `state.runtime_metadata.${part}`;
    const message =
      `${path} can't be stored: Prisma's verbs lose integers beyond 2^53, keys __proto__ and __prismaRawParameters__, and $type in some places. ` +
      `${advice} sends SQL: { table: "public.workflow_instances" }`;
    const rejected = { code: "NOT_SERIALIZABLE", path, message };
    const instance = anInstance({ runtimeMetadata });
    await storage.put(anInstance({ id: "stored" }));
    const expected = (await storage.get("stored")) as Instance;
    database.statements();
    for (const write of [
      () => storage.put(instance),
      () => storage.insert(instance),
      () => storage.putMany([anInstance({ id: "other" }), instance]),
      () => storage.put({ ...instance, id: "stored" }, { expected }),
    ])
      await expect(write()).rejects.toMatchObject(rejected);
    expect(database.statements()).toEqual([]);
  });

  it.each(["stateContains", "contextContains"])("is not the filter %s", async (filter) => {
    const message = `the filter "${filter}" is invalid: Prisma has no verb for it. ${advice} can send SQL: { table: "public.workflow_instances" }`;
    database.statements();
    await expect(storage.query({ [filter]: { a: 1 } })).rejects.toMatchObject({ code: "INVALID_FILTER", filter, message });
    await expect(storage.countBy("status", { [filter]: {} })).rejects.toMatchObject({ code: "INVALID_FILTER", filter, message });
    expect(database.statements()).toEqual([]);
  });

  it.each<[string, PrismaStorageOptions]>([
    ["bigIntegers", { bigIntegers: "bigint" }],
    ["coalesceWrites", { coalesceWrites: true }],
  ])("is not the option %s", (option, options) => {
    const message = `the option "${option}" needs SQL, which Prisma's verbs can't do: name the table too, such as { table: "public.workflow_instances" }`;
    const error = expect.objectContaining({ code: "INVALID_OPTION", option, message }) as Error;
    expect(() => createPrismaStorage(database.client, options)).toThrow(error);
    expect(() => startStorage({ client: database.client, ...options })).toThrow(error);
    createPrismaStorage(database.client, { bigIntegers: "error", coalesceWrites: false });
  });
});
