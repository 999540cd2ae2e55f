import { createPrismaStorage, type PrismaStorage } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { beforeEach, describe, expect, it } from "vitest";
import type { PrismaClient } from "../../generated/prisma/client.js";
import { preparePostgresDatabase } from "../database.js";
import { storageOn, TABLE } from "../storage-on.js";

const { database } = storageOn(preparePostgresDatabase);
const { client } = database;
const MATCH = { stateContains: { current_step: "payment" } };
const IN_CONTEXT = { contextContains: {} };

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
  const acme = createPrismaStorage(tenantOf(client, "acme"));
  const globex = createPrismaStorage(tenantOf(client, "globex"));
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
    ["a query of theirs", (storage) => storage.query({ workflowFamily: "globex." }), []],
    ["stream", async (storage) => (await storage.stream({}, { after: "acme::2" }).next()).value, undefined],
    ["list", async (storage) => (await storage.list()).items.length, 3],
    ["count", (storage) => storage.count(), 3],
    ["countBy", (storage) => storage.countBy("workflow"), new Map([["acme.Order", 3]])],
  ])("%s reads none of another's", async (_, call, expected) => {
    expect(await call(acme)).toEqual(expected);
  });

  it.each<[string, (storage: PrismaStorage, filters: object) => Promise<unknown>]>([
    ["query", (storage, filters) => storage.query(filters)],
    ["stream", async (storage, filters) => storage.stream(filters).next()],
    ["count", (storage, filters) => storage.count(filters)],
    ["countBy", (storage, filters) => storage.countBy("status", filters)],
    ["list", (storage, filters) => storage.list(filters)],
    ["prune", (storage, filters) => storage.prune({ ...filters, status: "completed" })],
  ])("%s by containment is rejected before anything is sent, and says how it can be done", async (_, call) => {
    const before = await stored();
    database.statements();
    for (const filters of [MATCH, IN_CONTEXT])
      await expect(call(acme, filters)).rejects.toMatchObject({
        code: "INVALID_FILTER",
        filter: Object.keys(filters)[0],
        message: expect.stringContaining('{ table: "public.workflow_instances" }') as string,
      });
    expect(database.statements()).toEqual([]);
    expect(await stored()).toEqual(before);
  });

  const other = anInstance({ id: "globex::9", workflow: "globex.Order" });
  const mine = anInstance({ id: "acme::9", workflow: "acme.Order" });
  it.each<[string, (storage: PrismaStorage) => Promise<unknown>]>([
    ["put", (storage) => storage.put(other)],
    ["put over another's row", (storage) => storage.put({ ...mine, id: "globex::1" })],
    ["insert", (storage) => storage.insert(other)],
    ["insert over another's row", (storage) => storage.insert({ ...mine, id: "globex::1" })],
    ["putMany", (storage) => storage.putMany([mine, other])],
    ["putMany over another's row", (storage) => storage.putMany([{ ...mine, id: "globex::1" }, mine])],
    ["a swap that expects another's row", (storage) => storage.put({ ...mine, id: "globex::1" }, { expected: theirs[1] ?? other })],
    ["a swap to another's workflow", (storage) => storage.put({ ...other, id: "acme::1" }, { expected: ours[1] ?? mine })],
    ["update", (storage) => storage.update("globex::1", (instance) => ({ ...instance, status: "failed" }))],
    ["an update to another's workflow", (storage) => storage.update("acme::1", (instance) => ({ ...instance, workflow: "globex.Order" }))],
  ])("%s writes none of another's", async (_, call) => {
    const before = await stored();
    await expect(call(acme)).rejects.toThrow();
    expect(await stored()).toEqual(before);
  });

  it("delete and prune delete none of another's, in a transaction too", async () => {
    await acme.delete("globex::1");
    await tenantOf(client, "acme").$transaction(async (tx) => {
      const inner = acme.withTransaction(tx);
      await inner.delete("globex::2");
      expect(await inner.get("globex::0")).toBeNull();
      expect(await inner.prune({ status: "completed" }, { batchSize: 2 })).toBe(3);
      await expect(inner.count(MATCH)).rejects.toMatchObject({ code: "INVALID_FILTER" });
    });
    expect((await stored()).map(({ id }) => id)).toEqual(theirs.map(({ id }) => id));
  });

  it("are kept apart no more by a storage whose table is named: the extension sees nothing of it", async () => {
    const named = createPrismaStorage(tenantOf(client, "acme"), { table: TABLE });
    expect(await named.count(MATCH)).toBe(6);
  });
});

describe("a query extension", () => {
  it("sees every call, by its verb", async () => {
    const seen: string[] = [];
    const extended = client.$extends({
      query: {
        $allOperations({ model, operation, args, query }) {
          seen.push(`${model ?? "raw"}.${operation}`);
          return query(args);
        },
      },
    });
    const storage = createPrismaStorage(extended);
    await storage.put(anInstance());
    await storage.insert(anInstance({ id: "order::2" }));
    await storage.get("order::1");
    await storage.update("order::1", (current) => ({ ...current, status: "completed" }));
    await storage.putMany([anInstance({ id: "order::3" })]);
    await storage.query();
    await storage.list();
    await storage.count();
    await storage.countBy("status");
    await storage.prune({ status: "completed" });
    await storage.delete("order::2");
    expect(seen.map((one) => one.replace("WorkflowInstance.", ""))).toEqual([
      ...["upsert", "createMany", "findUnique", "findUnique", "updateMany", "upsert", "findMany", "findMany", "count", "groupBy"],
      ...["findMany", "deleteMany", "deleteMany"],
    ]);
  });

  it("that copies its arguments by JSON stores the state that was put", async () => {
    const copying = client.$extends({
      query: { $allOperations: ({ args, query }) => query(JSON.parse(JSON.stringify(args))) },
    });
    const storage = createPrismaStorage(copying);
    const error = new TypeError("boom");
    await storage.put(anInstance({ runtimeMetadata: { at: new Date(0), n: 2n ** 64n, error } }));
    await storage.update("order::1", (instance) => ({ ...instance, currentStep: "ship" }));
    await storage.insert(anInstance({ id: "order::2" }));
    expect(await createPrismaStorage(client).query()).toEqual([
      anInstance({ currentStep: "ship", runtimeMetadata: { at: new Date(0), n: 2n ** 64n, error } }),
      anInstance({ id: "order::2" }),
    ]);
  });

  it.each([
    ["results", client.$extends({ result: { workflowInstance: { family: { needs: { id: true }, compute: () => "" } } } })],
    ["methods", client.$extends({ model: { workflowInstance: { all: () => 1 } }, client: { $hello: () => "" } })],
    ["nothing", client.$extends({ name: "nothing" })],
  ])("of %s is no obstacle, by either way", async (_, extended) => {
    for (const options of [{}, { table: TABLE }]) {
      const storage = createPrismaStorage(extended, options);
      await storage.put(anInstance());
      expect(await storage.get("order::1")).toEqual(anInstance());
    }
  });
});
