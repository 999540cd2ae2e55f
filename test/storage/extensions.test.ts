import { AsyncLocalStorage } from "node:async_hooks";
import { createPrismaStorage, type PrismaClientLike, type PrismaStorage } from "hephaestus-prisma";
import { beforeEach, describe, expect, it } from "vitest";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "../../generated/prisma/client.js";
import { preparePostgresDatabase } from "../database.js";
import { anInstance } from "hephaestus-prisma/testing";
import { storageOn } from "../storage-on.js";
import { storeRowIn } from "../store-row.js";

const { database } = storageOn(preparePostgresDatabase);
const { client } = database;
const MATCH = { stateContains: { current_step: "payment" } };

/** What is in a workflow of a tenant's own, and nothing else, can be read and written. */
function tenantOf(client: PrismaClient, tenant: string) {
  const own = (instance: Record<string, unknown>): void => {
    if (typeof instance.workflow === "string" && !instance.workflow.startsWith(`${tenant}.`)) throw new Error(`not of ${tenant}`);
  };
  return client.$extends({
    query: {
      $allModels: {
        async $allOperations({ args, query }) {
          const given: Record<string, unknown> = { ...args };
          const { create, update, data } = given;
          for (const written of [create, update, data].flat()) if (typeof written === "object" && written !== null) own({ ...written });
          if (create === undefined && Array.isArray(data)) return query(args);
          const where: object = typeof given.where === "object" && given.where !== null ? given.where : {};
          return query({ ...given, where: { ...where, workflow: { startsWith: `${tenant}.` }, AND: [where] } });
        },
      },
    },
  });
}

describe("two tenants that a query extension keeps apart", () => {
  const acme = createPrismaStorage(tenantOf(client, "acme"), { coalesceWrites: true });
  const globex = createPrismaStorage(tenantOf(client, "globex"), { coalesceWrites: true });
  const theirs = Array.from({ length: 3 }, (_, n) => anInstance({ id: `globex::${n}`, workflow: "globex.Order", status: "completed" }));
  const ours = Array.from({ length: 3 }, (_, n) => anInstance({ id: `acme::${n}`, workflow: "acme.Order", status: "completed" }));
  const stored = (): Promise<Record<string, unknown>[]> => database.sql("SELECT * FROM workflow_instances ORDER BY id");

  beforeEach(async () => {
    await globex.putMany(theirs);
    await acme.putMany(ours);
  });

  it.each<[string, (storage: PrismaStorage) => Promise<unknown>, unknown]>([
    ["get", (storage) => storage.get("globex::1"), null],
    ["query", async (storage) => (await storage.query()).map(({ id }) => id), ["acme::0", "acme::1", "acme::2"]],
    ["list", async (storage) => (await storage.list()).items.length, 3],
    ["count", (storage) => storage.count(), 3],
    ["countBy", (storage) => storage.countBy("workflow"), new Map([["acme.Order", 3]])],
  ])("%s reads none of another's", async (_, call, expected) => {
    expect(await call(acme)).toEqual(expected);
  });

  it.each<[string, (storage: PrismaStorage) => Promise<unknown>]>([
    ["query", (storage) => storage.query(MATCH)],
    ["count", (storage) => storage.count(MATCH)],
    ["countBy", (storage) => storage.countBy("status", MATCH)],
    ["list", (storage) => storage.list(MATCH)],
    ["prune", (storage) => storage.prune({ ...MATCH, status: "completed" })],
  ])("%s by containment is rejected with the reason", async (_, call) => {
    const before = await stored();
    await expect(call(acme)).rejects.toMatchObject({
      code: "INVALID_CLIENT",
      message: expect.stringContaining("{ allowRawSql: true }") as string,
    });
    expect(await stored()).toEqual(before);
  });

  const other = anInstance({ id: "globex::9", workflow: "globex.Order" });
  it.each<[string, (storage: PrismaStorage) => Promise<unknown>]>([
    ["put", (storage) => storage.put(other)],
    ["insert", (storage) => storage.insert(other)],
    ["putMany", (storage) => storage.putMany([anInstance({ id: "acme::9", workflow: "acme.Order" }), other])],
    ["putMany over another's row", (storage) => storage.putMany([{ ...other, id: "globex::1", workflow: "acme.Order" }])],
    ["update", (storage) => storage.update("globex::1", (instance) => ({ ...instance, status: "failed" }))],
  ])("%s writes none of another's", async (_, call) => {
    const before = await stored();
    await expect(call(acme)).rejects.toThrow();
    expect(await stored()).toEqual(before);
  });

  it("delete and prune delete none of another's, in a transaction too", async () => {
    await acme.delete("globex::1");
    await tenantOf(client, "acme").$transaction(async (tx) => {
      expect(await acme.withTransaction(tx).prune({ status: "completed" }, { batchSize: 2 })).toBe(3);
      await expect(acme.withTransaction(tx).count(MATCH)).rejects.toMatchObject({ code: "INVALID_CLIENT" });
    });
    expect((await stored()).map(({ id }) => id)).toEqual(theirs.map(({ id }) => id));
  });
});

describe("the client counts as extended", () => {
  const forwarding: PrismaClientLike = new Proxy(client, { get: (target, name) => Reflect.get(target, name) as unknown });

  it.each<[string, PrismaClientLike]>([
    ["an extension of all queries", client.$extends({ query: { $allOperations: ({ args, query }) => query(args) } })],
    ["one of the model's queries", client.$extends({ query: { workflowInstance: { findFirst: ({ args, query }) => query(args) } } })],
    ["a verb of its own", client.$extends({ model: { $allModels: { deleteMany: () => Promise.resolve({ count: 0 }) } } })],
    ["a method of its own", client.$extends({ client: { $queryRawUnsafe: () => Promise.resolve([]) as never } })],
    [
      "an extension of queries before another that has none",
      client.$extends({ query: { $allOperations: ({ args, query }) => query(args) } }).$extends({ name: "late" }),
    ],
    ["a Proxy around it", forwarding],
    ["no known inside", { workflowInstance: client.workflowInstance, $queryRawUnsafe: client.$queryRawUnsafe.bind(client) as never }],
  ])("if it has %s", async (_, extended) => {
    await expect(createPrismaStorage(extended).count(MATCH)).rejects.toMatchObject({ code: "INVALID_CLIENT" });
  });

  it("if a transaction of it does", async () => {
    const extended = client.$extends({ query: { $allOperations: ({ args, query }) => query(args) } });
    await extended.$transaction(async (tx) => {
      await expect(createPrismaStorage(tx).count(MATCH)).rejects.toMatchObject({ code: "INVALID_CLIENT" });
      await expect(createPrismaStorage(client).withTransaction(tx).count(MATCH)).rejects.toMatchObject({ code: "INVALID_CLIENT" });
    });
    await client.$transaction(async (tx) => {
      await expect(createPrismaStorage(extended).withTransaction(tx).count(MATCH)).rejects.toMatchObject({ code: "INVALID_CLIENT" });
      expect(await createPrismaStorage(client).withTransaction(tx).count(MATCH)).toBe(0);
    });
  });
});

describe("raw SQL is sent", () => {
  it.each<[string, PrismaClientLike]>([
    ["without extensions", client],
    [
      "of a class of one's own",
      new (class PrismaService extends PrismaClient {})({ adapter: new PrismaPg({ connectionString: database.url }) }),
    ],
    ["with an extension of nothing", client.$extends({ name: "nothing" })],
    [
      "with extensions of results",
      client.$extends({ result: { workflowInstance: { family: { needs: { id: true }, compute: () => "" } } } }),
    ],
    ["with methods that are added", client.$extends({ model: { workflowInstance: { all: () => 1 } }, client: { $hello: () => "" } })],
  ])("by a client %s", async (_, extended) => {
    expect(await createPrismaStorage(extended).count(MATCH)).toBe(0);
    await extended.$queryRawUnsafe?.("SELECT 1");
  });

  it("by an extended client whose storage allows it, and by none that forbids it", async () => {
    const extended = client.$extends({ query: { workflowInstance: { upsert: () => Promise.reject(new Error("seen")) } } });
    const allowed = createPrismaStorage(extended, { allowRawSql: true });
    await allowed.putMany([anInstance(), anInstance({ id: "order::2" })]);
    expect(await allowed.count(MATCH)).toBe(2);
    database.statements();
    const forbidden = createPrismaStorage(client, { allowRawSql: false });
    await expect(forbidden.count(MATCH)).rejects.toMatchObject({ code: "INVALID_CLIENT" });
    await forbidden.putMany([anInstance({ status: "completed" })]);
    expect(await forbidden.prune({ status: "completed" })).toBe(1);
    expect(database.statements().filter((statement) => /pg_locks|unnest|SKIP LOCKED/.test(statement))).toEqual([]);
  });

  it("by coalesced puts only on a client without query extensions, which may ask for the context of the call", async () => {
    const tenant = new AsyncLocalStorage<string>();
    const seen: [unknown, unknown][] = [];
    const extended = client.$extends({
      query: {
        $allOperations({ args, query, operation }) {
          const written: unknown = Reflect.get(Object(args), "create");
          seen.push([operation, `${tenant.getStore()} ${String(Reflect.get(Object(written), "id"))}`]);
          return query(args);
        },
      },
    });
    const storage = createPrismaStorage(extended, { coalesceWrites: true, allowRawSql: true });
    const ids = Array.from({ length: 20 }, (_, n) => `t${n % 2}::${n}`);
    await Promise.all(ids.map((id) => tenant.run(id.slice(0, 2), () => storage.put(anInstance({ id })))));
    expect(seen.sort()).toEqual(ids.map((id) => ["upsert", `${id.slice(0, 2)} ${id}`]).sort());
  });
});

describe("an extension that copies its arguments by JSON", () => {
  const copying = client.$extends({
    query: { $allOperations: ({ args, query }) => query(JSON.parse(JSON.stringify(args))) },
  });

  it("stores the state that was put", async () => {
    const storage = createPrismaStorage(copying);
    await storage.put(anInstance());
    await storage.update("order::1", (instance) => ({ ...instance, currentStep: "ship" }));
    await storage.insert(anInstance({ id: "order::2" }));
    expect(await createPrismaStorage(client).query()).toEqual([anInstance({ currentStep: "ship" }), anInstance({ id: "order::2" })]);
  });

  it("has left no instance in a row that holds Prisma's wire form", async () => {
    await database.sql(`INSERT INTO workflow_instances (id, workflow, state) VALUES ('wire', 'W', '{"$type": "Json", "value": "{}"}')`);
    await expect(createPrismaStorage(client).get("wire")).rejects.toMatchObject({ code: "CORRUPT_INSTANCE", id: "wire", path: "state" });
  });

  it("may write integers beyond 2^53 by raw SQL, if that is allowed", async () => {
    const large = anInstance({ runtimeMetadata: { n: 9007199254740993n } });
    const options = { bigIntegers: "bigint" } as const;
    await expect(createPrismaStorage(copying, options).put(large)).rejects.toMatchObject({
      code: "NOT_SERIALIZABLE",
      path: "state.runtime_metadata.n",
      message: expect.stringContaining('"allowRawSql"') as string,
    });
    const storage = createPrismaStorage(copying, { ...options, allowRawSql: true });
    await storage.put(large);
    await storage.insert({ ...large, id: "order::2" });
    await expect(storage.insert({ ...large, id: "order::2" })).rejects.toMatchObject({ code: "INSTANCE_EXISTS" });
    const read = await storage.get("order::2");
    if (read) await storage.put({ ...read, status: "failed" }, { expected: read });
    if (read) await expect(storage.put(large, { expected: read })).rejects.toThrow();
    if (read) await expect(storage.put({ ...read, status: "running" }, { expected: read })).rejects.toMatchObject({ code: "CONFLICT" });
    const rows = await database.sql("SELECT id, status, state #>> '{runtime_metadata,n}' AS n FROM workflow_instances ORDER BY id");
    expect(rows).toEqual([
      { id: "order::1", status: "waiting", n: "9007199254740993" },
      { id: "order::2", status: "failed", n: "9007199254740993" },
    ]);
  });
});

describe("a stored key __proto__, which Prisma's copy for query extensions would lose", () => {
  const extended = client.$extends({ query: { $allOperations: ({ args, query }) => query(args) } });
  const state = { runtime_metadata: JSON.parse('{"__proto__": {"a": 1}}') as unknown, step_configs: { text: '{"__proto__": 1}' } };

  it("rejects a put without raw SQL until it is replaced; a text that looks like one goes through", async () => {
    await storeRowIn(database)({ id: "a", workflow: "W", workflowVersion: 1, status: "waiting", state: JSON.stringify(state) });
    const storage = createPrismaStorage(extended);
    const instance = await storage.get("a");
    if (instance === null) throw new Error("it is stored");
    const rejected = { code: "NOT_SERIALIZABLE", message: expect.stringContaining("keys __proto__") as string };
    await expect(storage.put(instance)).rejects.toMatchObject(rejected);
    await expect(storage.putMany([instance])).rejects.toMatchObject(rejected);
    await storage.put({ ...instance, runtimeMetadata: {} });
    const sql = "SELECT state->'runtime_metadata' AS metadata, state->'step_configs' AS configs FROM workflow_instances";
    expect(await database.sql(sql)).toEqual([{ metadata: {}, configs: state.step_configs }]);
  });
});
