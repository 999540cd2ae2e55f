import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage, getStorage, startStorage, stopStorage } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { PrismaClient } from "../../generated/prisma/client.js";
import { preparePostgresDatabase } from "../database.js";
import { storageOn } from "../storage-on.js";

describe("withTransaction, inside the user's transaction", () => {
  const { database, storage } = storageOn(preparePostgresDatabase, { bigIntegers: "bigint" });
  beforeAll(() => database.sql("CREATE TABLE orders (id text PRIMARY KEY)"));
  beforeEach(() => database.sql("DELETE FROM orders"));

  const ids = async (): Promise<unknown[]> =>
    (await database.sql("SELECT id FROM workflow_instances UNION ALL SELECT id FROM orders ORDER BY id")).map(({ id }) => id);
  const roll = new Error("roll back");

  it("commits the order row and its instance together", async () => {
    await database.client.$transaction(async (tx) => {
      await tx.$executeRaw`INSERT INTO orders VALUES ('4711')`;
      await storage.withTransaction(tx).insert(anInstance());
      expect(await ids()).toEqual([]); // not visible outside the transaction yet
    });
    expect(await ids()).toEqual(["4711", "order::1"]);
  });

  it("leaves neither if the transaction throws", async () => {
    startStorage({ client: database.client });
    const failed = database.client.$transaction(async (tx) => {
      await tx.$executeRaw`INSERT INTO orders VALUES ('4711')`;
      await getStorage().withTransaction(tx).put(anInstance());
      throw roll;
    });
    await expect(failed).rejects.toBe(roll);
    expect(await ids()).toEqual([]);
    stopStorage();
  });

  it("does everything that the storage does, and rolls it back", async () => {
    await storage.put(anInstance({ id: "old" }));
    const before = await database.sql("SELECT * FROM workflow_instances");
    const failed = database.client.$transaction(async (tx) => {
      const inner = storage.withTransaction(tx);
      await inner.put(anInstance({ id: "put", runtimeMetadata: { at: new Date(0), n: 9007199254740993n } }));
      await inner.insert(anInstance({ id: "inserted" }));
      await expect(inner.insert(anInstance({ id: "inserted" }))).rejects.toMatchObject({ code: "INSTANCE_EXISTS" });
      await inner.putMany([anInstance({ id: "many" }), anInstance({ id: "old", status: "failed" })]);
      const put = await inner.get("put");
      expect(put?.runtimeMetadata).toEqual({ at: new Date(0), n: 9007199254740993n });
      if (put) await inner.put({ ...put, status: "running" }, { expected: put });
      if (put) await expect(inner.put({ ...put, status: "failed" }, { expected: put })).rejects.toMatchObject({ code: "CONFLICT" });
      await inner.update("many", (current) => ({ ...current, currentStep: "ship" }));
      await inner.delete("inserted");
      const found = await inner.query();
      expect(found.map(({ id, status, currentStep }) => [id, status, currentStep])).toEqual([
        ["many", "waiting", "ship"],
        ["old", "failed", "payment"],
        ["put", "running", "payment"],
      ]);
      throw roll;
    });
    await expect(failed).rejects.toBe(roll);
    expect(await database.sql("SELECT * FROM workflow_instances")).toEqual(before);
  });

  it("works if the transaction holds the pool's only connection, putMany's first call included", async () => {
    const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url, max: 1 }) });
    const lone = createPrismaStorage(client);
    await client.$transaction(async (tx) => lone.withTransaction(tx).putMany([anInstance({ id: "a" }), anInstance({ id: "b" })]));
    expect(await ids()).toEqual(["a", "b"]);
    await client.$disconnect();
  });

  it("accepts an `expected` that was read outside, and the reverse", async () => {
    await storage.put(anInstance());
    const outside = await storage.get("order::1");
    const inside = await database.client.$transaction(async (tx) => {
      const inner = storage.withTransaction(tx);
      if (outside) await inner.put({ ...outside, status: "running" }, { expected: outside });
      return inner.get("order::1");
    });
    if (inside) await storage.put({ ...inside, status: "completed" }, { expected: inside });
    expect((await storage.get("order::1"))?.status).toBe("completed");
  });

  it("update retries under READ COMMITTED, because it sees what others have written", async () => {
    await storage.put(anInstance({ runtimeMetadata: { n: 0 } }));
    let calls = 0;
    await database.client.$transaction(async (tx) => {
      await storage.withTransaction(tx).update("order::1", async (current) => {
        if (++calls === 1) await storage.put({ ...current, runtimeMetadata: { n: 10 } });
        return { ...current, runtimeMetadata: { n: Number(current.runtimeMetadata.n) + 1 } };
      });
    });
    expect(calls).toBe(2);
    expect((await storage.get("order::1"))?.runtimeMetadata).toEqual({ n: 11 });
  });

  it.each(["RepeatableRead", "Serializable"] as const)("update under %s says that only a new transaction helps", async (isolationLevel) => {
    await storage.put(anInstance());
    let calls = 0;
    const lost = database.client.$transaction(
      async (tx) => {
        await storage.withTransaction(tx).update("order::1", async (current) => {
          calls++;
          await storage.put({ ...current, status: "failed" });
          return { ...current, status: "completed" };
        });
      },
      { isolationLevel },
    );
    await expect(lost).rejects.toMatchObject({
      code: "CONFLICT",
      id: "order::1",
      message: expect.stringContaining("only a new transaction") as string,
      cause: { code: "P2034" },
    });
    expect(calls).toBe(1);
    expect((await storage.get("order::1"))?.status).toBe("failed");
  });

  it("rejects a client that isn't a transaction's", () => {
    // @ts-expect-error A client that can connect is not a transaction's.
    expect(() => storage.withTransaction(database.client)).toThrow(expect.objectContaining({ code: "INVALID_CLIENT" }));
    expect(() => storage.withTransaction(undefined as never)).toThrow(expect.objectContaining({ code: "INVALID_CLIENT" }));
  });

  it("a storage can also be created on a transaction", async () => {
    const failed = database.client.$transaction(async (tx) => {
      await createPrismaStorage(tx).putMany([anInstance()]);
      throw roll;
    });
    await expect(failed).rejects.toBe(roll);
    expect(await ids()).toEqual([]);
  });
});
