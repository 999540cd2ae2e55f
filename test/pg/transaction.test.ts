import { ConflictError, type Instance } from "hephaestus-prisma";
import { createPgStorage } from "hephaestus-prisma/pg";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { anInstance } from "hephaestus-prisma/testing";
import { pgOn } from "./pg-on.js";

describe("withTransaction of the pg storage", () => {
  const { database, pool, storage } = pgOn();
  const ids = async (): Promise<unknown[]> => (await database.sql("SELECT id FROM workflow_instances ORDER BY id")).map(({ id }) => id);

  /** Runs calls between BEGIN and what ends it. */
  async function within<Result>(
    use: (client: pg.PoolClient) => Promise<Result>,
    { begin = "BEGIN", end = "COMMIT" }: { begin?: string; end?: "COMMIT" | "ROLLBACK" } = {},
  ): Promise<Result> {
    const client = await pool.connect();
    await client.query(begin);
    try {
      return await use(client);
    } finally {
      await client.query(end);
      client.release();
    }
  }

  const writeAll = async (client: pg.PoolClient): Promise<void> => {
    const inner = storage.withTransaction(client);
    await inner.insert(anInstance({ id: "inserted" }));
    await inner.put(anInstance({ id: "put" }));
    await inner.putMany(Array.from({ length: 1001 }, (_, n) => anInstance({ id: `many::${n}` })));
    await inner.update("put", (current) => ({ ...current, status: "failed" }));
    await inner.delete("inserted");
    expect(await inner.prune({ workflowFamily: "Order.", statusIn: ["waiting"] }, { includeActive: true })).toBe(1001);
    expect(await storage.count()).toBe(0); // outside, nobody sees it yet
  };

  it("commits with the rest of the transaction", async () => {
    await within(writeAll);
    expect(await database.sql("SELECT id, status FROM workflow_instances")).toEqual([{ id: "put", status: "failed" }]);
  });

  it("is rolled back with it", async () => {
    await within(writeAll, { end: "ROLLBACK" });
    expect(await ids()).toEqual([]);
  });

  it("leaves the transaction alive after an insert of a taken id and a conflict", async () => {
    await storage.put(anInstance({ id: "taken" }));
    const read = (await storage.get("taken")) as Instance;
    await storage.put(anInstance({ id: "taken", status: "running" }));
    await within(async (client) => {
      const inner = storage.withTransaction(client);
      await expect(inner.insert(anInstance({ id: "taken" }))).rejects.toMatchObject({ code: "INSTANCE_EXISTS" });
      await expect(inner.put({ ...read, status: "failed" }, { expected: read })).rejects.toMatchObject({ code: "CONFLICT" });
      await inner.put(anInstance({ id: "later" }));
    });
    expect(await ids()).toEqual(["later", "taken"]);
  });

  it.each(["REPEATABLE READ", "SERIALIZABLE"])("says that only a new transaction ends a conflict under %s", async (level) => {
    await storage.put(anInstance({ id: "a" }));
    const conflict = await within(
      async (client) => {
        const inner = storage.withTransaction(client);
        const current = (await inner.get("a")) as Instance;
        await storage.put(anInstance({ id: "a", status: "running" }));
        return inner.put({ ...current, status: "failed" }, { expected: current }).catch((error: unknown) => error);
      },
      { begin: `BEGIN ISOLATION LEVEL ${level}`, end: "ROLLBACK" },
    );
    expect(conflict).toBeInstanceOf(ConflictError);
    expect(conflict).toMatchObject({ id: "a", cause: { code: "40001" } });
    expect((conflict as Error).message).toContain("only a new transaction sees what was written");
  });

  it("needs a transaction that has begun and not ended: else each call is rejected, and nothing is sent", async () => {
    const rejection = { code: "INVALID_CLIENT", message: expect.stringContaining('await client.query("BEGIN")') as string };
    const client = await pool.connect();
    const inner = storage.withTransaction(client);
    const expectRejections = async (): Promise<void> => {
      const calls = [
        () => inner.put(anInstance()),
        () => inner.putMany(Array.from({ length: 1001 }, (_, n) => anInstance({ id: `many::${n}` }))),
        () => inner.get("order::1"),
        () => inner.prune({ status: "failed" }),
      ];
      for (const call of calls) await expect(call()).rejects.toMatchObject(rejection);
    };
    await expectRejections();
    await client.query("BEGIN");
    await inner.put(anInstance({ id: "within" }));
    await client.query("COMMIT");
    await expectRejections();
    client.release();
    expect(await ids()).toEqual(["within"]);
  });

  it("passes on that the transaction has failed, and retries nothing in it", async () => {
    await within(
      async (client) => {
        const inner = storage.withTransaction(client);
        await expect(client.query("SELECT 1 / 0")).rejects.toMatchObject({ code: "22012" });
        await expect(inner.put(anInstance())).rejects.toMatchObject({ code: "25P02" });
        await expect(inner.get("order::1")).rejects.toMatchObject({ code: "25P02" });
      },
      { end: "ROLLBACK" },
    );
    expect(await ids()).toEqual([]);
  });

  it("can be on a client without a pool", async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query("BEGIN");
    await storage.withTransaction(client).put(anInstance({ id: "alone" }));
    await client.query("COMMIT");
    await client.end();
    expect(await ids()).toEqual(["alone"]);
  });

  it("rejects a pool, which would spread a transaction over connections", () => {
    const message = "withTransaction takes the client that your transaction was begun on, such as that of pool.connect(), found a pool";
    expect(() => storage.withTransaction(pool as never)).toThrow(expect.objectContaining({ code: "INVALID_CLIENT", message }));
    expect(() => storage.withTransaction(null as never)).toThrow("found null");
    expect(() => storage.withTransaction({} as never)).toThrow("found an object");
  });

  it("is not what createPgStorage takes: that is a pool", async () => {
    const message = "expected a pool, such as new pg.Pool({ connectionString }), found a client";
    const client = await pool.connect();
    for (const one of [client, new pg.Client()])
      expect(() => createPgStorage(one as never)).toThrow(expect.objectContaining({ code: "INVALID_CLIENT", message }));
    client.release();
    expect(() => createPgStorage(database.url as never)).toThrow("found a string");
    expect(() => createPgStorage(undefined as never)).toThrow("found undefined");
  });
});
