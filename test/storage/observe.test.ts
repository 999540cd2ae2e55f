import { createPrismaStorage, type PrismaStorageOptions, type StorageOperation } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { storageOn, TABLE } from "../storage-on.js";

const ways: readonly { readonly way: string; readonly options: PrismaStorageOptions }[] = [
  { way: "Prisma's verbs", options: {} },
  { way: "SQL", options: { table: TABLE } },
];

describe.each(ways)("onOperation, by $way,", ({ way, options: by }) => {
  const { database, storage: plain } = storageOn(preparePostgresDatabase, by);

  function observed(options: PrismaStorageOptions = {}) {
    const operations: StorageOperation[] = [];
    const storage = createPrismaStorage(database.client, { ...by, onOperation: (operation) => operations.push(operation), ...options });
    return { storage, operations };
  }

  it("receives each call: its name, its rows and bytes, and its outcome", async () => {
    const { storage, operations } = observed();
    const [a, b] = [anInstance({ id: "a" }), anInstance({ id: "b", status: "completed" })];
    await storage.insert(a);
    await storage.put(a);
    await storage.putMany([a, b]);
    await storage.update("a", (instance) => ({ ...instance, currentStep: "pay" }));
    await storage.get("a");
    await storage.get("none");
    await storage.query();
    await storage.list();
    await storage.count();
    await storage.countBy("status");
    for await (const instance of storage.stream()) expect(instance.id).toMatch(/a|b/);
    await storage.delete("a");
    await storage.delete("a");
    await storage.prune({ status: "completed" });
    expect(operations.map(({ operation, rows, outcome, retries }) => [operation, rows, outcome, retries])).toEqual([
      ["insert", 1, "ok", 0],
      ["put", 1, "ok", 0],
      ["putMany", 2, "ok", 0],
      ["update", 1, "ok", 0],
      ["get", 1, "ok", 0],
      ["get", 0, "ok", 0],
      ["query", 2, "ok", 0],
      ["list", 2, "ok", 0],
      ["count", 2, "ok", 0],
      ["countBy", 2, "ok", 0],
      ["stream", 2, "ok", 0],
      ["delete", 1, "ok", 0],
      ["delete", 0, "ok", 0],
      ["prune", 1, "ok", 0],
    ]);
    for (const { durationMs } of operations) expect(durationMs).toBeGreaterThan(0);
  });

  it("counts the bytes of the states that were written, and the characters of the texts that were read", async () => {
    const { storage, operations } = observed();
    await storage.putMany([anInstance({ id: "a" }), anInstance({ id: "ä", currentStep: "zahlen…" })]);
    const rows = await database.sql("SELECT state, length(state::text) AS characters FROM workflow_instances");
    const written = rows.reduce((sum, { state }) => sum + Buffer.byteLength(JSON.stringify(state)), 0);
    // Prisma's verbs read no text.
    const read = way === "SQL" ? rows.reduce((sum, { characters }) => sum + Number(characters), 0) : 0;
    await storage.query();
    for await (const instance of storage.stream({}, { batchSize: 1 })) expect(instance.id).toMatch(/a|ä/);
    await storage.list();
    await storage.delete("a");
    expect(operations.map(({ operation, stateBytes }) => [operation, stateBytes])).toEqual([
      ["putMany", written],
      ["query", read],
      ["stream", read],
      ["list", 0],
      ["delete", 0],
    ]);
  });

  it("receives failures with their codes", async () => {
    const { storage, operations } = observed();
    await storage.insert(anInstance());
    await expect(storage.insert(anInstance())).rejects.toThrow();
    await expect(storage.update("none", (one) => one)).rejects.toThrow();
    await expect(
      storage.update("order::1", () => {
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    await database.sql("ALTER TABLE workflow_instances ADD CONSTRAINT no_bad CHECK (workflow <> 'bad')");
    onTestFinished(() => void database.sql("ALTER TABLE workflow_instances DROP CONSTRAINT no_bad"));
    await expect(storage.put(anInstance({ workflow: "bad" }))).rejects.toThrow("no_bad");
    expect(operations.slice(1)).toMatchObject([
      { operation: "insert", rows: 0, outcome: "INSTANCE_EXISTS" },
      { operation: "update", rows: 0, outcome: "INSTANCE_NOT_FOUND" },
      { operation: "update", rows: 0, outcome: "error" },
      { operation: "put", rows: 0, outcome: expect.stringMatching(/^P\d{4}$/) as string },
    ]);
  });

  it("counts the retries of a call", async () => {
    let failures = 2;
    const fail = (): void => {
      if (failures-- > 0) throw Object.assign(new Error("no connection"), { code: "P2024" });
    };
    const client = database.client.$extends({
      query: {
        $executeRawUnsafe: ({ args, query }) => (fail(), query(args)),
        workflowInstance: { upsert: ({ args, query }) => (fail(), query(args)) },
      },
    });
    const operations: StorageOperation[] = [];
    const storage = createPrismaStorage(client, {
      ...by,
      retry: { minDelayMs: 1 },
      onOperation: (operation) => operations.push(operation),
    });
    await storage.put(anInstance());
    let others = 3;
    await storage.update("order::1", async (instance) => {
      if (others-- > 0) await plain.put({ ...instance, currentStep: String(others) });
      return { ...instance, currentStep: "mine" };
    });
    expect(operations.map(({ operation, retries }) => [operation, retries])).toEqual([
      ["put", 2],
      ["update", 3],
    ]);
  });

  it("includes the ids of a call only on request", async () => {
    const [silent, open] = [observed(), observed({ recordIds: true })];
    for (const { storage } of [silent, open]) {
      await storage.putMany([anInstance({ id: "order::1" }), anInstance({ id: "order::2" })]);
      await storage.get("order::1");
    }
    for (const operation of silent.operations) expect(operation).not.toHaveProperty("ids");
    expect(open.operations.map(({ ids }) => ids)).toEqual([["order::1", "order::2"], ["order::1"]]);
  });

  it("reports a stream that ends early, with what it read until then", async () => {
    const { storage, operations } = observed();
    await plain.putMany(["a", "b", "c"].map((id) => anInstance({ id })));
    for await (const { id } of storage.stream()) if (id === "b") break;
    expect(operations).toMatchObject([{ operation: "stream", rows: 2, outcome: "ok" }]);
  });

  it("may throw: the call still succeeds, and the process emits a warning", async () => {
    const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
    const storage = createPrismaStorage(database.client, {
      ...by,
      onOperation: () => {
        throw new Error("the metrics are down");
      },
    });
    await storage.put(anInstance());
    expect(await storage.count()).toBe(1);
    expect((await warned).message).toBe("the metrics are down");
  });

  it.each([
    [
      "throws an object without a prototype",
      () => {
        throw Object.create(null);
      },
      "[Object: null prototype] {}",
    ],
    ["is async and rejects", () => Promise.reject(new Error("the metrics are down")), "the metrics are down"],
    [
      "returns a thenable that rejects with a text",
      () => ({ then: (_: unknown, reject: (reason: string) => void) => reject("down") }),
      "'down'",
    ],
  ])("may fail: if it %s, the call doesn't, and the process is warned", async (_, onOperation, message) => {
    const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
    await createPrismaStorage(database.client, { ...by, onOperation }).put(anInstance());
    expect((await warned).message).toBe(message);
  });

  it("receives calls inside the user's transaction too", async () => {
    const { storage, operations } = observed();
    await database.client.$transaction(async (tx) => storage.withTransaction(tx).put(anInstance()));
    expect(operations).toMatchObject([{ operation: "put", outcome: "ok" }]);
  });
});
