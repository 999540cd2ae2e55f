import { createPrismaStorage, type Storage } from "hephaestus-prisma";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { databases, type TestDatabase } from "../database.js";
import { anInstance } from "../instances.js";

describe.each(databases)("update on $on", ({ create }) => {
  let database: TestDatabase;
  let storage: Storage;
  beforeAll(async () => {
    database = await create();
    storage = createPrismaStorage(database.client);
  });
  beforeEach(async () => {
    await database.sql("DELETE FROM workflow_instances");
    await storage.put(anInstance({ runtimeMetadata: { n: 0 } }));
  });
  afterAll(() => database.close());

  const count = async (): Promise<unknown> =>
    (await database.sql("SELECT state->'runtime_metadata'->'n' AS n FROM workflow_instances WHERE id = 'order::1'"))[0]?.n;
  const meddle = (): Promise<unknown> =>
    database.sql(
      "UPDATE workflow_instances SET state = jsonb_set(state, '{runtime_metadata,n}', to_jsonb((state->'runtime_metadata'->>'n')::int + 10))",
    );

  it("reads, changes, stores, and answers what is stored", async () => {
    const updated = await storage.update("order::1", async (current) => Promise.resolve({ ...current, status: "running" }));
    expect(updated).toStrictEqual(anInstance({ status: "running", runtimeMetadata: { n: 0 } }));
    expect(await storage.get("order::1")).toStrictEqual(updated);
  });

  it("begins again where another writer was faster, with what that one stored", async () => {
    const seen: unknown[] = [];
    await storage.update("order::1", async (current) => {
      seen.push(current.runtimeMetadata.n);
      if (seen.length < 3) await meddle();
      return { ...current, runtimeMetadata: { n: Number(current.runtimeMetadata.n) + 1 } };
    });
    expect(seen).toEqual([0, 10, 20]);
    expect(await count()).toBe(21);
  });

  it("writes nothing where the change answers the instance that it was given", async () => {
    const current = await storage.update("order::1", (instance) => {
      database.statements();
      return instance;
    });
    expect(current.runtimeMetadata).toEqual({ n: 0 });
    expect(database.statements()).toEqual([]);
  });

  it("misses an id that isn't stored", async () => {
    await expect(storage.update("nothing", (instance) => instance)).rejects.toMatchObject({ code: "INSTANCE_NOT_FOUND", id: "nothing" });
    await expect(storage.update("order::1", async (instance) => (await storage.delete("order::1"), { ...instance }))).rejects.toMatchObject(
      {
        code: "INSTANCE_NOT_FOUND",
      },
    );
  });

  it("conflicts after its attempts", async () => {
    let calls = 0;
    const lose = storage.update("order::1", async (current) => (calls++, await meddle(), { ...current, status: "failed" }), {
      attempts: 3,
    });
    await expect(lose).rejects.toMatchObject({ code: "CONFLICT", id: "order::1" });
    expect(calls).toBe(3);
    expect(await count()).toBe(30);
  });

  it("stops at a signal with its reason, and writes nothing more", async () => {
    const controller = new AbortController();
    const reason = new Error("shutting down");
    const stopped = storage.update("order::1", (current) => (controller.abort(reason), { ...current, status: "failed" }), {
      signal: controller.signal,
    });
    await expect(stopped).rejects.toBe(reason);
    await expect(storage.update("order::1", (current) => ({ ...current }), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect((await storage.get("order::1"))?.status).toBe("waiting");
  });

  it("passes on what the change raises, and refuses what is no instance of this id", async () => {
    const reason = new Error("no");
    await expect(storage.update("order::1", () => Promise.reject(reason))).rejects.toBe(reason);
    await expect(storage.update("order::1", (current) => ({ ...current, id: "other" }))).rejects.toMatchObject({
      code: "INVALID_INSTANCE",
      path: "id",
    });
    await expect(storage.update("order::1", () => undefined as never)).rejects.toMatchObject({ code: "INVALID_INSTANCE" });
    await expect(storage.update("", (current) => current)).rejects.toMatchObject({ code: "INVALID_ID" });
    await expect(storage.update("order::1", (current) => current, { attempts: 0 })).rejects.toMatchObject({
      code: "INVALID_OPTION",
      option: "attempts",
    });
  });

  it("of 30 writers, 20 times each, loses none: the count is exactly 600", async () => {
    const writer = async (): Promise<void> => {
      for (let n = 0; n < 20; n++)
        await storage.update("order::1", (current) => ({ ...current, runtimeMetadata: { n: Number(current.runtimeMetadata.n) + 1 } }));
    };
    await Promise.all(Array.from({ length: 30 }, writer));
    expect(await count()).toBe(600);
  });
});
