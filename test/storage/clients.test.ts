import { PrismaPg } from "@prisma/adapter-pg";
import { readReplicas } from "@prisma/extension-read-replicas";
import { createPrismaStorage, type PrismaClientLike, type PrismaStorage } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { PrismaClient } from "../../generated/prisma/client.js";
import { connectClient, preparePostgresDatabase } from "../database.js";
import { storageOn, TABLE } from "../storage-on.js";
import { makeEveryCall } from "./every-call.js";

const { database } = storageOn(preparePostgresDatabase);
const { client } = database;

/** A client whose methods are bound to a real one, and whose properties are looked at before they are read. */
function watched<Target extends object>(target: Target, look: (name: string) => unknown): Target {
  return new Proxy(target, {
    get(_, name) {
      const replaced = typeof name === "string" ? look(name) : undefined;
      if (replaced !== undefined) return replaced;
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value === "function") return value.bind(target) as unknown;
      return typeof value === "object" && value !== null ? watched(value, look) : value;
    },
  });
}

const ids = async (): Promise<unknown[]> => (await database.sql("SELECT id FROM workflow_instances ORDER BY id")).map(({ id }) => id);

/** Makes every call through a client like the tests' own, outside of a transaction and in one. */
async function makeEveryCallThrough(look: (name: string) => unknown, options?: { table: string }): Promise<void> {
  const storage = createPrismaStorage(watched(client, look), options);
  await makeEveryCall(storage, "outside");
  await database.sql("DELETE FROM workflow_instances");
  await client.$transaction((tx) => makeEveryCall(storage.withTransaction(watched(tx, look)), "inside"), { timeout: 60_000 });
  expect(await ids()).toEqual(["inside::put", "inside::update"]);
}

describe("a storage", () => {
  it("calls Prisma's verbs and no raw SQL", async () => {
    const asked = new Set<string>();
    await makeEveryCallThrough((name) => {
      asked.add(name);
      return name.includes("Raw") ? () => Promise.reject(new Error(`${name} is called`)) : undefined;
    });
    expect([...asked]).toEqual(expect.arrayContaining(["workflowInstance", "upsert", "updateMany", "$transaction"]));
  });

  it("calls raw SQL and no verbs if its table is named", async () => {
    await makeEveryCallThrough(
      (name) => {
        if (!name.startsWith("$") && typeof Reflect.get(client.workflowInstance, name) === "function" && name !== "upsert")
          throw new Error(`${name} is read`); // `upsert` is what the model is known by
      },
      { table: TABLE },
    );
  });

  it.each([
    ["Prisma's verbs", undefined],
    ["SQL through Prisma", { table: TABLE }],
  ])("by %s reads nothing that is private to the client", async (_, options) => {
    const seen: string[] = [];
    await makeEveryCallThrough((name) => {
      if (!name.startsWith("_")) return;
      seen.push(name);
      throw new Error(`${name} is read`);
    }, options);
    expect(seen).toEqual([]);
  });

  it("rejects a client without the model, or whose model lacks fields, and names what is there", () => {
    expect(() => createPrismaStorage(client as never, { model: "invoiceRun" })).toThrow(
      expect.objectContaining({
        code: "INVALID_CLIENT",
        message: expect.stringContaining("one with the models workflowInstance") as string,
      }),
    );
    const lacking = { workflowInstance: { upsert: () => undefined, fields: { id: 1, workflow: 1, status: 1, state: 1 } } };
    expect(() => createPrismaStorage(lacking as never)).toThrow(
      expect.objectContaining({
        code: "INVALID_CLIENT",
        message: expect.stringContaining("lacks the fields workflowVersion, insertedAt, updatedAt") as string,
      }),
    );
  });
});

describe("a client that reads from replicas", () => {
  const replica = connectClient({ connectionString: database.url });
  afterAll(() => replica.$disconnect());
  const extended = client.$extends(readReplicas({ replicas: [replica] }));
  const rejection = expect.objectContaining({
    code: "INVALID_CLIENT",
    message: expect.stringContaining("Build the storage's client without that extension, and with all others") as string,
  }) as Error;

  it.each<[string, { table: string } | undefined]>([
    ["Prisma's verbs", undefined],
    ["SQL", { table: TABLE }],
  ])("is rejected, with the advice, for a storage by %s", (_, options) => {
    expect(() => createPrismaStorage(extended, options)).toThrow(rejection);
    const later = extended.$extends({ query: { $allOperations: ({ args, query }) => query(args) } });
    expect(() => createPrismaStorage(later, options)).toThrow(rejection);
  });

  it("has transactions that are not rejected, and a primary that is the client to take", async () => {
    const storage = createPrismaStorage(extended.$primary());
    await extended.$transaction((tx) => storage.withTransaction(tx).put(anInstance({ id: "inside" })));
    await storage.put(anInstance({ id: "outside" }));
    expect(await ids()).toEqual(["inside", "outside"]);
  });
});

describe("other clients", () => {
  it("can be a deep mock, whose models and methods are functions", async () => {
    const mock = (): unknown =>
      new Proxy(() => undefined, {
        get: (target, name) => {
          const made: unknown = Reflect.get(target, name) ?? mock();
          Reflect.set(target, name, made);
          return made;
        },
      });
    const client = mock() as PrismaClientLike;
    client.workflowInstance.findUnique = () => Promise.resolve(null);
    expect(await createPrismaStorage(client).get("order::1")).toBeNull();
  });

  it.each<[string, (client: PrismaClientLike) => PrismaStorage]>([
    ["Prisma's verbs", (client) => createPrismaStorage(client)],
    ["SQL", (client) => createPrismaStorage(client, { table: TABLE })],
  ])("can omit columns unless they are selected, by %s", async (_, storageOf) => {
    const adapter = new PrismaPg({ connectionString: database.url });
    const omitting = new PrismaClient({ adapter, omit: { workflowInstance: { state: true, updatedAt: true, id: true } } });
    onTestFinished(() => omitting.$disconnect());
    const storage = storageOf(omitting);
    await storage.put(anInstance());
    expect(await storage.query()).toEqual([anInstance()]);
    expect((await storage.list()).items).toMatchObject([{ id: "order::1", status: "waiting" }]);
  });

  it("can lack raw SQL, unless the table is named", async () => {
    const bare = { workflowInstance: client.workflowInstance };
    await createPrismaStorage(bare).put(anInstance());
    expect(await createPrismaStorage(bare).get("order::1")).toEqual(anInstance());
    const named = createPrismaStorage(bare, { table: TABLE });
    for (const call of [() => named.get("order::1"), () => named.put(anInstance())])
      await expect(call()).rejects.toMatchObject({ code: "INVALID_CLIENT", message: expect.stringContaining("$queryRawUnsafe") as string });
  });

  it("can lack transactions, as adapters over HTTP do: then only putMany by Prisma's verbs fails", async () => {
    const http: PrismaClientLike = watched<PrismaClientLike>(client, (name) =>
      name === "$transaction" ? () => Promise.reject(new Error("Transactions are not supported in HTTP mode")) : undefined,
    );
    await makeEveryCall(createPrismaStorage(http, { table: TABLE }), "sql");
    await expect(createPrismaStorage(http).putMany([anInstance()])).rejects.toThrow("HTTP mode");
    const without: PrismaClientLike = { workflowInstance: client.workflowInstance };
    await expect(createPrismaStorage(without).putMany([anInstance()])).rejects.toMatchObject({ code: "INVALID_CLIENT" });
    expect(await ids()).toEqual(["sql::put", "sql::update"]);
  });
});
