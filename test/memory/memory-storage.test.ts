import { inspect } from "node:util";
import fc from "fast-check";
import { createInstance, createPrismaStorage } from "hephaestus-prisma";
import { createMemoryStorage } from "hephaestus-prisma/memory";
import { anInstance } from "hephaestus-prisma/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { preparePostgresDatabase } from "../database.js";
import { instance } from "../storage/arbitraries.js";
import { databaseOn, TABLE } from "../storage-on.js";

const RUNS = 300;

describe("the memory storage", () => {
  const database = databaseOn(preparePostgresDatabase);

  it(`returns what PostgreSQL would, down to the order of keys (${RUNS} runs)`, async () => {
    await fc.assert(
      fc.asyncProperty(instance, fc.constantFrom("error", "bigint"), async (put, bigIntegers) => {
        const [memory, prisma] = [
          createMemoryStorage({ bigIntegers }),
          createPrismaStorage(database.client, { table: TABLE, bigIntegers }),
        ];
        await Promise.all([memory.insert(put), prisma.insert(put)]);
        const show = (value: unknown): string => inspect(value, { depth: null });
        expect(show(await memory.get(put.id))).toBe(show(await prisma.get(put.id)));
        await prisma.delete(put.id);
      }),
      { numRuns: RUNS },
    );
  });

  it("shares nothing with another memory storage", async () => {
    const [one, other] = [createMemoryStorage(), createMemoryStorage()];
    await one.put(anInstance());
    expect(await other.get("order::1")).toBeNull();
    const expected = await one.get("order::1");
    if (expected) await expect(other.put(anInstance(), { expected })).rejects.toMatchObject({ code: "CONFLICT", id: "order::1" });
  });

  it("ignores a write that only reorders keys, as jsonb does", async () => {
    const storage = createMemoryStorage();
    await storage.put(anInstance({ runtimeMetadata: { bb: 1, a: { y: 1e23, x: new Date(0) } } }));
    const current = await storage.get("order::1");
    await storage.put(anInstance({ runtimeMetadata: { a: { x: new Date(0), y: 1e23 }, bb: 1 } }));
    if (current) await storage.put({ ...current, status: "failed" }, { expected: current });
    expect(Object.keys((await storage.get("order::1"))?.runtimeMetadata ?? {})).toEqual(["a", "bb"]);
    expect((await storage.get("order::1"))?.status).toBe("failed");
  });

  it("finds large integers by every digit", async () => {
    const storage = createMemoryStorage({ bigIntegers: "bigint" });
    await storage.put(anInstance({ context: { initial: { n: 9007199254740993n }, steps: {} } }));
    expect(await storage.count({ contextContains: { n: 9007199254740992 } })).toBe(0);
    expect((await storage.get("order::1"))?.context.initial).toEqual({ n: 9007199254740993n });
  });

  it("orders ids by their code points", async () => {
    const storage = createMemoryStorage();
    const ids = ["A", "Z", "a", "z", "é", "\uffee", "😀"];
    await storage.putMany(ids.toReversed().map((id) => anInstance({ id })));
    expect((await storage.query()).map(({ id }) => id)).toEqual(ids);
    expect((await storage.query({}, { after: "\uffee" })).map(({ id }) => id)).toEqual(["😀"]);
  });

  it("keeps unknown keys of an instance from another storage", async () => {
    const prisma = createPrismaStorage(database.client);
    await database.sql(
      `INSERT INTO workflow_instances (id, workflow, state) VALUES ('unknown', 'W', '{"later": {"v": [1]}, "context": {"more": 2}}')`,
    );
    const instance = await prisma.get("unknown");
    const memory = createMemoryStorage();
    if (instance) await memory.put(instance);
    expect(await memory.count({ stateContains: { later: { v: [1] }, context: { more: 2 } } })).toBe(1);
    await memory.update("unknown", (current) => ({ ...current, currentStep: "a" }));
    expect(await memory.count({ stateContains: { later: { v: [1] }, context: { more: 2 }, current_step: "a" } })).toBe(1);
  });

  it("rejects a state larger than maxStateBytes", async () => {
    const storage = createMemoryStorage({ maxStateBytes: 1_000 });
    await expect(storage.put(anInstance({ runtimeMetadata: { text: "é".repeat(500) } }))).rejects.toMatchObject({
      code: "STATE_TOO_LARGE",
      limit: 1_000,
    });
    expect(await storage.count()).toBe(0);
  });

  it("checks values against schemas", async () => {
    const storage = createMemoryStorage({ schemas: { "Order.V2": { initial: z.object({ total: z.number() }) } } });
    await storage.put(createInstance({ id: "order::1", workflow: "Order.V2", initial: { total: 1 } }));
    const misfit = createInstance({ id: "order::2", workflow: "Order.V2", initial: { total: "1" } });
    await expect(storage.put(misfit as never)).rejects.toMatchObject({ code: "SCHEMA_MISMATCH", path: "context.initial.total" });
    expect((await storage.query()).map(({ id }) => id)).toEqual(["order::1"]);
  });

  it.each([
    [{ retry: false }, 'the option "retry" is invalid: there is no such option; there are bigIntegers, maxStateBytes, transform, schemas'],
    [{ bigIntegers: "number" }, 'the option "bigIntegers" is invalid: expected "error" or "bigint", found "number"'],
  ])("rejects the options %j", (options, message) => {
    expect(() => createMemoryStorage(options as never)).toThrow(expect.objectContaining({ code: "INVALID_OPTION", message }));
  });

  it("rejects a cycle with its path, however little of the stack is left", async () => {
    const cyclic = new Map<string, unknown>();
    cyclic.set("self", cyclic);
    const storage = createMemoryStorage();
    const putAt = (depth: number): Promise<void> =>
      depth > 0 ? putAt(depth - 1) : storage.put(anInstance({ runtimeMetadata: { a: [cyclic] } }));
    for (let depth = 0; depth < 6_000; depth += 500)
      await expect(putAt(depth)).rejects.toMatchObject({ code: "NOT_SERIALIZABLE", path: 'runtimeMetadata.a[0].get("self")' });
    expect(await storage.count()).toBe(0);
  });
});
