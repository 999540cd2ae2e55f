import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage, type PrismaClientLike } from "hephaestus-prisma";
import { describe, expect, it } from "vitest";
import { PrismaClient } from "../../generated/prisma/client.js";
import { preparePostgresDatabase } from "../database.js";
import { anInstance } from "hephaestus-prisma/testing";
import { databaseOn, storageOn } from "../storage-on.js";

describe("a client that reads from replicas", () => {
  const { database } = storageOn(preparePostgresDatabase);
  const replica = databaseOn(preparePostgresDatabase); // it never catches up

  /** As @prisma/extension-read-replicas does it. */
  function withReplicas(primary: PrismaClient) {
    return primary.$extends({
      client: { $primary: () => primary, $replica: () => replica.client },
      query: {
        workflowInstance: {
          findUnique: ({ args }) => replica.client.workflowInstance.findUnique(args),
          findMany: ({ args }) => replica.client.workflowInstance.findMany(args),
          groupBy: ({ args }) => replica.client.workflowInstance.groupBy(args as never) as never,
        },
      },
    });
  }

  it("reads from the primary for a storage, so that an update begins with what is stored", async () => {
    const storage = createPrismaStorage(withReplicas(database.client));
    await storage.insert(anInstance());
    let calls = 0;
    await storage.update("order::1", (instance) => ({ ...instance, currentStep: `step${++calls}` }));
    expect(calls).toBe(1);
    const read = await storage.get("order::1");
    expect(read?.currentStep).toBe("step1");
    if (read) await storage.put({ ...read, status: "failed" }, { expected: read });
    expect(await storage.count({ status: "failed" })).toBe(1);
  });

  it("reads from a replica for a storage on that one", async () => {
    const client = withReplicas(database.client);
    await createPrismaStorage(client).put(anInstance());
    expect(await createPrismaStorage(client.$replica()).get("order::1")).toBeNull();
  });

  it("is rejected if its primary lacks an extension that was added later", () => {
    const client = withReplicas(database.client).$extends({ query: { $allOperations: ({ args, query }) => query(args) } });
    expect(() => createPrismaStorage(client)).toThrow(
      expect.objectContaining({
        code: "INVALID_CLIENT",
        message: expect.stringContaining("Add the extension for read replicas last") as string,
      }),
    );
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

  it("can omit columns unless they are selected", async () => {
    const database = preparePostgresDatabase();
    await database.open();
    const adapter = new PrismaPg({ connectionString: database.url });
    const client = new PrismaClient({ adapter, omit: { workflowInstance: { state: true, updatedAt: true, id: true } } });
    const storage = createPrismaStorage(client);
    await storage.put(anInstance());
    expect(await storage.query()).toEqual([anInstance()]);
    expect((await storage.list()).items).toMatchObject([{ id: "order::1", status: "waiting" }]);
    await client.$disconnect();
    await database.close();
  });

  it("are warned of once, if their version wasn't tested", async () => {
    const database = preparePostgresDatabase();
    await database.open();
    const warnings: Error[] = [];
    const listener = (warning: Error): void => void warnings.push(warning);
    process.on("warning", listener);
    const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }) });
    Reflect.set(client, "_clientVersion", "7.99.0");
    const storage = createPrismaStorage(client, { bigIntegers: "bigint" });
    createPrismaStorage(client);
    await storage.put(anInstance({ runtimeMetadata: { n: 9007199254740993n } }));
    expect(await storage.get("order::1")).toEqual(anInstance({ runtimeMetadata: { n: 9007199254740993n } }));
    expect(warnings).toMatchObject([
      { code: "HEPHAESTUS_PRISMA_UNTESTED_CLIENT", message: expect.stringContaining("Prisma Client 7.99.0") as string },
    ]);
    process.off("warning", listener);
    await client.$disconnect();
    await database.close();
  });
});
