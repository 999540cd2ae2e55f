import { createPrismaStorage, getStorage, type PrismaStorageOptions, startStorage, stopStorage } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { connectClient, preparePostgresDatabase } from "../database.js";
import { storageOn, TABLE } from "../storage-on.js";
import { makeEveryCall } from "./every-call.js";

describe.each<[string, PrismaStorageOptions]>([
  ["Prisma's verbs", {}],
  ["SQL", { table: TABLE }],
  ['SQL with bigIntegers: "bigint" and coalesceWrites', { table: TABLE, bigIntegers: "bigint", coalesceWrites: true }],
])("withTransaction, inside the user's transaction, by %s", (_, options) => {
  const { database, storage } = storageOn(preparePostgresDatabase, options);
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
    startStorage({ client: database.client, ...options });
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
      await inner.put(anInstance({ id: "old", status: "failed" }));
      await inner.put(anInstance({ id: "rich", runtimeMetadata: { at: new Date(0), n: 9007199254740993n } }));
      expect((await inner.get("rich"))?.runtimeMetadata).toEqual({ at: new Date(0), n: 9007199254740993n });
      expect(await inner.prune({}, { all: true, includeActive: true, batchSize: 1 })).toBe(2);
      await makeEveryCall(inner, "inside");
      expect(await inner.get("old")).toBeNull();
      throw roll;
    });
    await expect(failed).rejects.toBe(roll);
    expect(await database.sql("SELECT * FROM workflow_instances")).toEqual(before);
  });

  it("works if the transaction holds the pool's only connection, whatever waits for one outside", async () => {
    const client = connectClient({ connectionString: database.url, max: 1 });
    onTestFinished(() => client.$disconnect());
    const lone = createPrismaStorage(client, options);
    let outside: Promise<void> | undefined;
    await client.$transaction(async (tx) => {
      outside = lone.putMany([anInstance({ id: "b" }), anInstance({ id: "c" })]);
      await makeEveryCall(lone.withTransaction(tx), "a");
    });
    await outside;
    expect(await ids()).toEqual(["a::put", "a::update", "b", "c"]);
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
      cause: { code: options.table === undefined ? "P2034" : "P2010" },
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
      await createPrismaStorage(tx, options).putMany([anInstance()]);
      throw roll;
    });
    await expect(failed).rejects.toBe(roll);
    expect(await ids()).toEqual([]);
  });
});
