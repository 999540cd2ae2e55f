import { createPrismaStorage, type Instance, type PrismaStorage } from "hephaestus-prisma";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import type { PrismaClient } from "../../generated/prisma/client.js";
import { startTcpProxy, type TcpProxy } from "../../tools/tcp-proxy.js";
import { connectClient, createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { anInstance } from "hephaestus-prisma/testing";

const ROUNDS = 50;

describe("when the answer to a statement is lost after it was carried out", () => {
  let database: PostgresDatabase;
  let proxy: TcpProxy;
  let client: PrismaClient;
  let direct: PrismaStorage;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    proxy = await startTcpProxy(Number(new URL(inject("serverUrl")).port));
    direct = createPrismaStorage(database.client);
  });
  beforeEach(async () => {
    const url = new URL(database.url);
    url.port = String(proxy.port);
    client = connectClient({ connectionString: url.href, max: 4 });
    await database.sql("DELETE FROM workflow_instances");
  });
  afterEach(async () => {
    proxy.open();
    proxy.cut();
    await client.$disconnect();
  });
  afterAll(async () => {
    await proxy.close();
    await database.close();
  });

  const numbered = (n: number): Instance => anInstance({ id: "a", runtimeMetadata: { n } });
  const increment = (instance: Instance): Instance => ({ ...instance, runtimeMetadata: { n: Number(instance.runtimeMetadata.n) + 1 } });
  const stored = async (): Promise<unknown> =>
    (await database.sql("SELECT state->'runtime_metadata'->'n' AS n FROM workflow_instances WHERE id = 'a'"))[0]?.n;

  describe.each(["reset", "end"] as const)("by a connection that ends in a %s", (loss) => {
    it.each([
      ["put", false],
      ["coalesced put", true],
    ])(`with afterUnknown: false, a %s undoes nobody's write, ${ROUNDS} times`, async (_, coalesceWrites) => {
      const storage = createPrismaStorage(client, { coalesceWrites, retry: { afterUnknown: false } });
      await storage.putMany([numbered(0)]);
      for (let round = 1; round <= ROUNDS; round++) {
        const lost = proxy.loseAnswer("INSERT", loss);
        const put = storage.put(numbered(round * 10)).catch((error: unknown) => error);
        await lost;
        await direct.update("a", increment);
        expect(await put).toMatchObject({ code: "OUTCOME_UNKNOWN", id: "a", ids: ["a"] });
        expect(await stored()).toBe(round * 10 + 1);
      }
    });

    it(`with afterUnknown: false, a delete undoes nobody's write, ${ROUNDS} times`, async () => {
      const storage = createPrismaStorage(client, { retry: { afterUnknown: false } });
      for (let round = 1; round <= ROUNDS; round++) {
        await direct.put(numbered(0));
        const lost = proxy.loseAnswer("DELETE", loss);
        const deletion = storage.delete("a").catch((error: unknown) => error);
        await lost;
        await direct.insert(numbered(round));
        expect(await deletion).toMatchObject({ code: "OUTCOME_UNKNOWN", id: "a" });
        expect(await stored()).toBe(round);
      }
    });

    it("of an update, the outcome is unknown, and it is applied once", async () => {
      await direct.put(numbered(0));
      const lost = proxy.loseAnswer("UPDATE", loss);
      let calls = 0;
      const update = createPrismaStorage(client).update("a", (instance) => (calls++, increment(instance)));
      await expect(update).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN", id: "a" });
      await lost;
      expect([calls, await stored()]).toEqual([1, 1]);
    });

    it("of a COMMIT, a putMany of several statements goes again", async () => {
      const storage = createPrismaStorage(client);
      await storage.putMany([numbered(0)]); // finds out the table's name
      const lost = proxy.loseAnswer("COMMIT", loss);
      await storage.putMany(Array.from({ length: 1_001 }, (_, n) => anInstance({ id: `many::${n}` })));
      await lost;
      expect(await direct.count()).toBe(1_002);
    });
  });

  it("by default, a put goes again, and undoes what another writer has stored since", async () => {
    const storage = createPrismaStorage(client);
    await storage.put(numbered(0));
    const lost = proxy.loseAnswer("INSERT");
    const put = storage.put(numbered(10));
    await lost;
    proxy.shut();
    await direct.update("a", increment);
    proxy.open();
    await put;
    expect(await stored()).toBe(10);
  });

  it("several coalesced puts end in an unknown outcome each, with their own ids", async () => {
    const storage = createPrismaStorage(client, { coalesceWrites: true, retry: { afterUnknown: false } });
    await storage.putMany([numbered(0)]);
    const lost = Promise.all(["first", "second", "third", "fourth"].map(() => proxy.loseAnswer("INSERT")));
    const puts = await Promise.allSettled(Array.from({ length: 12 }, (_, n) => storage.put(anInstance({ id: `p${n}` }))));
    await lost;
    const failed = puts.flatMap((put, n) => (put.status === "rejected" ? [{ reason: put.reason as unknown, id: `p${n}` }] : []));
    expect(failed.length).toBeGreaterThan(3);
    for (const { reason, id } of failed) expect(reason).toMatchObject({ code: "OUTCOME_UNKNOWN", id, ids: [id] });
  });

  describe("and the connection stays open, silent", () => {
    it("a read fails with TIMEOUT after timeoutMs", async () => {
      const storage = createPrismaStorage(client, { timeoutMs: 1_500 });
      await client.$queryRaw`SELECT 1`; // opens the connection without a limit: a busy machine may take its time
      const lost = proxy.loseAnswer("SELECT", "silence");
      await expect(storage.get("a")).rejects.toMatchObject({ code: "TIMEOUT", timeoutMs: 1_500 });
      await lost;
    });

    it("the outcome of a write is unknown after timeoutMs", async () => {
      const storage = createPrismaStorage(client, { timeoutMs: 1_500 });
      await client.$queryRaw`SELECT 1`;
      const lost = proxy.loseAnswer("INSERT", "silence");
      const error = await storage.put(numbered(1)).catch((thrown: unknown) => thrown);
      await lost;
      expect(error).toMatchObject({ code: "OUTCOME_UNKNOWN", id: "a", cause: { code: "TIMEOUT" } });
      expect(await stored()).toBe(1);
    });

    it("the signal of an update ends the wait for its read, with its reason, and for its swap, with an unknown outcome", async () => {
      const storage = createPrismaStorage(client);
      await direct.put(numbered(0));
      const reason = new Error("the request is over");
      for (const statement of ["SELECT", "UPDATE"]) {
        const controller = new AbortController();
        const lost = proxy.loseAnswer(statement, "silence");
        const update = storage.update("a", increment, { signal: controller.signal }).catch((error: unknown) => error);
        await lost;
        controller.abort(reason);
        if (statement === "SELECT") expect(await update).toBe(reason);
        else expect(await update).toMatchObject({ code: "OUTCOME_UNKNOWN", id: "a", cause: reason });
      }
    });

    it("the signal of an update ends the retries of its read", async () => {
      const storage = createPrismaStorage(client, { retry: { attempts: 100, minDelayMs: 60_000, maxDelayMs: 60_000 } });
      proxy.shut();
      const signal = AbortSignal.timeout(200);
      await expect(storage.update("a", increment, { signal })).rejects.toMatchObject({
        name: "TimeoutError",
        message: "The operation was aborted due to timeout",
      });
    });

    it("a write that was never sent fails with TIMEOUT: it surely wasn't carried out", async () => {
      const nobody = connectClient({ connectionString: "postgresql://postgres:postgres@127.0.0.1:1/none" });
      const storage = createPrismaStorage(nobody, { timeoutMs: 300, retry: { attempts: 100, minDelayMs: 60_000, maxDelayMs: 60_000 } });
      await expect(storage.insert(numbered(1))).rejects.toMatchObject({ code: "TIMEOUT" });
    });

    it.each([
      ["with timeoutMs", { timeoutMs: 3_000 }],
      ["without, once they have taken too long", {}],
    ])(
      "three batches of coalesced puts don't stop later ones: %s",
      async (_, options) => {
        const storage = createPrismaStorage(client, { coalesceWrites: true, ...options });
        await storage.putMany([numbered(0)]);
        for (const id of ["x", "y", "z"]) {
          const lost = proxy.loseAnswer("INSERT", "silence");
          void storage.put(anInstance({ id })).catch(() => {});
          await lost;
        }
        await storage.put(anInstance({ id: "later" }));
        expect(await direct.get("later")).not.toBeNull();
      },
      15_000,
    );

    it("query_timeout of the pool frees the connection, and a get goes again", async () => {
      const url = new URL(database.url);
      url.port = String(proxy.port);
      const impatient = connectClient({ connectionString: url.href, max: 1, query_timeout: 2_000 });
      const storage = createPrismaStorage(impatient);
      await direct.put(numbered(7));
      await storage.count();
      const lost = proxy.loseAnswer("SELECT", "silence");
      expect((await storage.get("a"))?.runtimeMetadata).toEqual({ n: 7 });
      await lost;
      const lostInsert = proxy.loseAnswer("INSERT", "silence");
      await expect(storage.insert(anInstance({ id: "new" }))).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN", id: "new" });
      await lostInsert;
      await impatient.$disconnect();
    });
  });
});
