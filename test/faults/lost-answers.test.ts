import type { Instance, InstanceStorage } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { startTcpProxy, type TcpProxy } from "../../tools/tcp-proxy.js";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { type Connected, straight, ways } from "../../tools/ways.js";

const ROUNDS = 5;

describe.each(ways)("when the answer to $way is lost after the statement was executed", ({ coalesces, unnamed, connect }) => {
  let database: PostgresDatabase;
  let proxy: TcpProxy;
  let url: string;
  let connected: Connected;
  let other: Connected;
  let direct: InstanceStorage;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    proxy = await startTcpProxy(Number(new URL(inject("serverUrl")).port));
    url = Object.assign(new URL(database.url), { port: String(proxy.port) }).href;
    other = straight.connect({ connectionString: database.url });
    direct = other.storage();
  });
  beforeEach(async () => {
    connected = connect({ connectionString: url, max: 4 }, unnamed); // the proxy looks for the text of a statement
    await database.sql("DELETE FROM workflow_instances");
  });
  afterEach(async () => {
    proxy.open();
    proxy.cut();
    await connected.close();
  });
  afterAll(async () => {
    await other.close();
    await proxy.close();
    await database.close();
  });

  const numbered = (n: number): Instance => anInstance({ id: "a", runtimeMetadata: { n } });
  const increment = (instance: Instance): Instance => ({ ...instance, runtimeMetadata: { n: Number(instance.runtimeMetadata.n) + 1 } });
  const stored = async (): Promise<unknown> =>
    (await database.sql("SELECT state->'runtime_metadata'->'n' AS n FROM workflow_instances WHERE id = 'a'"))[0]?.n;

  describe.each(["reset", "end"] as const)("by a connection that ends in a %s", (loss) => {
    it.each(["put", ...(coalesces ? ["coalesced put"] : [])])(`a %s undoes nobody's write, ${ROUNDS} times`, async (name) => {
      const storage = connected.storage({ coalesceWrites: name !== "put" });
      await storage.put(numbered(0));
      for (let round = 1; round <= ROUNDS; round++) {
        const lost = proxy.loseAnswer("INSERT", loss);
        const put = storage.put(numbered(round * 10)).catch((error: unknown) => error);
        await lost;
        await direct.update("a", increment);
        expect(await put).toMatchObject({ code: "OUTCOME_UNKNOWN", id: "a", ids: ["a"] });
        expect(await stored()).toBe(round * 10 + 1);
      }
    });

    it(`a delete undoes nobody's write, ${ROUNDS} times`, async () => {
      const storage = connected.storage();
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
      const update = connected.storage().update("a", (instance) => (calls++, increment(instance)));
      await expect(update).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN", id: "a" });
      await lost;
      expect([calls, await stored()]).toEqual([1, 1]);
    });

    it("of a COMMIT, the outcome of a putMany of several statements is unknown, or it is retried, as afterUnknown says", async () => {
      const length = coalesces ? 1_001 : 2; // by SQL, a thousand go in one statement
      const many = Array.from({ length }, (_, n) => anInstance({ id: `many::${n}` }));
      let lost = proxy.loseAnswer("COMMIT", loss);
      await expect(connected.storage().putMany(many)).rejects.toMatchObject({
        code: "OUTCOME_UNKNOWN",
        ids: many.map(({ id }) => id).sort(),
      });
      await lost;
      expect(await direct.count()).toBe(length);
      lost = proxy.loseAnswer("COMMIT", loss);
      await connected.storage({ retry: { afterUnknown: true } }).putMany([...many, numbered(0)]);
      await lost;
      expect(await direct.count()).toBe(length + 1);
    });
  });

  it("with afterUnknown: true, a put is retried, and undoes what another writer has stored since", async () => {
    const storage = connected.storage({ retry: { afterUnknown: true } });
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

  it("of every attempt, a put ends in an unknown outcome, with retry: false and afterUnknown: true too", async () => {
    for (const retry of [false, { attempts: 2, afterUnknown: true }] as const) {
      const attempts = retry === false ? 1 : 2;
      const lost = Promise.all(Array.from({ length: attempts }, () => proxy.loseAnswer("INSERT")));
      await expect(connected.storage({ retry }).put(numbered(attempts))).rejects.toMatchObject({
        code: "OUTCOME_UNKNOWN",
        id: "a",
        cause: expect.any(Error) as Error,
      });
      await lost;
      expect(await stored()).toBe(attempts);
    }
  });

  it("and a later attempt fails for good, the outcome is unknown all the same", async () => {
    await database.sql("ALTER TABLE workflow_instances ADD CONSTRAINT once CHECK (status <> 'running') NOT VALID");
    await direct.put(numbered(0));
    const storage = connected.storage({ retry: { afterUnknown: true } });
    const lost = proxy.loseAnswer("INSERT");
    const put = storage.put(numbered(1)).catch((error: unknown) => error);
    await lost;
    proxy.failStatement("INSERT", { severity: "ERROR", code: "23514", message: "violates check constraint" });
    expect(await put).toMatchObject({ code: "OUTCOME_UNKNOWN" });
    await database.sql("ALTER TABLE workflow_instances DROP CONSTRAINT once");
  });

  describe("and the connection stays open, silent", () => {
    it("after timeoutMs, a read fails with TIMEOUT, and the outcome of a write is unknown", async () => {
      const storage = connected.storage({ timeoutMs: 1_500 });
      await Promise.all([connected.pool.query("SELECT"), connected.pool.query("SELECT")]); // opens both connections without a limit: a busy machine may take its time
      const lostRead = proxy.loseAnswer("FROM", "silence");
      const read = storage.get("a").catch((thrown: unknown) => thrown);
      await lostRead;
      const lostWrite = proxy.loseAnswer("INSERT", "silence");
      const write = storage.put(numbered(1)).catch((thrown: unknown) => thrown);
      await lostWrite;
      expect(await read).toMatchObject({ code: "TIMEOUT", timeoutMs: 1_500 });
      expect(await write).toMatchObject({ code: "OUTCOME_UNKNOWN", id: "a", cause: { code: "TIMEOUT" } });
      expect(await stored()).toBe(1);
    });

    const signalled: [string, string, (storage: InstanceStorage, signal: AbortSignal) => Promise<unknown>][] = [
      ["get", "SELECT", (storage, signal) => storage.get("a", { signal })],
      ["query", "SELECT", (storage, signal) => storage.query({}, { signal })],
      ["list", "SELECT", (storage, signal) => storage.list({}, { signal })],
      ["count", "SELECT", (storage, signal) => storage.count({}, { signal })],
      ["countBy", "SELECT", (storage, signal) => storage.countBy("status", {}, { signal })],
      ["stream", "SELECT", (storage, signal) => storage.stream({}, { signal }).next()],
      ["update's read", "SELECT", (storage, signal) => storage.update("a", increment, { signal })],
      ["put", "INSERT", (storage, signal) => storage.put(numbered(1), { signal })],
      ["insert", "INSERT", (storage, signal) => storage.insert(anInstance({ id: "b" }), { signal })],
      ["putMany", "INSERT", (storage, signal) => storage.putMany([numbered(1)], { signal })],
      ["delete", "DELETE", (storage, signal) => storage.delete("a", { signal })],
      ["update's swap", "UPDATE", (storage, signal) => storage.update("a", increment, { signal })],
    ];
    it.each(signalled)("a signal ends the wait of a %s", async (_, statement, call) => {
      await direct.put(numbered(0));
      const reason = new Error("the request is over");
      const controller = new AbortController();
      const lost = proxy.loseAnswer(statement, "silence");
      const settled = call(connected.storage(), controller.signal).catch((error: unknown) => error);
      await lost;
      controller.abort(reason);
      if (statement === "SELECT") expect(await settled).toBe(reason);
      else expect(await settled).toMatchObject({ code: "OUTCOME_UNKNOWN", cause: reason });
    });

    it("query_timeout of the pool frees the connection: a get is retried, and the outcome of an insert is unknown", async () => {
      const impatient = connect({ connectionString: url, max: 2, query_timeout: 2_000 }, unnamed);
      await direct.put(numbered(7));
      await Promise.all([impatient.storage().count(), impatient.storage().count()]);
      const lostRead = proxy.loseAnswer("FROM", "silence");
      const read = impatient.storage().get("a");
      await lostRead;
      const lostInsert = proxy.loseAnswer("INSERT", "silence");
      const insert = impatient
        .storage()
        .insert(anInstance({ id: "new" }))
        .catch((error: unknown) => error);
      await lostInsert;
      expect((await read)?.runtimeMetadata).toEqual({ n: 7 });
      expect(await insert).toMatchObject({ code: "OUTCOME_UNKNOWN", id: "new" });
      await impatient.close();
    });
  });

  it("a signal ends the retries, with its reason", async () => {
    const storage = connected.storage({ retry: { attempts: 100, minDelayMs: 60_000, maxDelayMs: 60_000 } });
    proxy.shut();
    await expect(storage.get("a", { signal: AbortSignal.timeout(200) })).rejects.toMatchObject({ name: "TimeoutError" });
  });

  it("a write whose every attempt found no server fails with TIMEOUT", async () => {
    const nobody = connect({ connectionString: "postgresql://postgres:postgres@127.0.0.1:1/none" });
    const storage = nobody.storage({ timeoutMs: 300, retry: { attempts: 100, minDelayMs: 60_000, maxDelayMs: 60_000 } });
    await expect(storage.insert(numbered(1))).rejects.toMatchObject({ code: "TIMEOUT" });
    await nobody.close();
  });
});
