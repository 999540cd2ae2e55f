import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage, type PrismaClientLike } from "hephaestus-prisma";
import { describe, expect, it } from "vitest";
import { PrismaClient } from "../../generated/prisma/client.js";
import { preparePostgresDatabase } from "../database.js";
import { anInstance } from "hephaestus-prisma/testing";

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
