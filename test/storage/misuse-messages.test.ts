import { createInstance, createPrismaStorage, type WorkflowSchemas } from "hephaestus-prisma";
import { createMemoryStorage } from "hephaestus-prisma/memory";
import { createPgStorage } from "hephaestus-prisma/pg";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Prisma, PrismaClient } from "../../generated/prisma/client.js";

const order = createInstance({ id: "order::1", workflow: "Order" });

describe("a message says what to write instead", () => {
  const storage = createMemoryStorage();
  const schemas: WorkflowSchemas = { Order: { initial: z.object({}) } };

  it("of a filter or an option that is undefined", async () => {
    await expect(storage.list({ status: undefined } as never)).rejects.toThrow(
      'the filter "status" is invalid: expected one of pending, running, waiting, completed, failed, found undefined. If there is none, leave it out: ...(status !== undefined && { status })',
    );
    await expect(storage.query({}, { after: undefined } as never)).rejects.toThrow(
      "found undefined. If there is none, leave it out: ...(after !== undefined && { after })",
    );
    await expect(storage.list({ stat: undefined } as never)).rejects.toThrow(/there is no such filter; there are id, [\w, ]+$/);
    await expect(storage.list({}, { size: undefined } as never)).rejects.toThrow(/there is no such option; there are signal, [\w, ]+$/);
  });

  it.each([
    ["a storage", storage],
    ["a storage with schemas", createMemoryStorage({ schemas })],
  ])("of a change that returns nothing, or isn't a function, by %s", async (_, on) => {
    await on.put(order);
    await expect(on.update("order::1", (() => {}) as never)).rejects.toMatchObject({
      code: "INVALID_INSTANCE",
      message: `the change of instance "order::1" returned undefined: return the instance, such as (instance) => ({ ...instance, status: "completed" })`,
    });
    await expect(on.update("order::1", { ...order, status: "failed" } as never)).rejects.toMatchObject({
      code: "INVALID_OPTION",
      option: "change",
      message: `update takes a function that returns the changed instance: (instance) => ({ ...instance, status: "completed" }), found an object`,
    });
  });

  it.each([
    ["a Prisma Decimal", new Prisma.Decimal("1.5"), /found an instance of Decimal\w*: store decimal\.toString\(\) instead$/],
    ["a Buffer", Buffer.from("x"), /found an instance of Buffer: store Buffer\.from\(bytes\)\.toString\("base64"\) instead$/],
  ])("of %s in a state", async (_, value, message) => {
    await expect(storage.put({ ...order, runtimeMetadata: { value } })).rejects.toMatchObject({
      code: "NOT_SERIALIZABLE",
      message: expect.stringMatching(message) as string,
    });
  });

  it("of a pool, a client of pg, or the class itself for a Prisma Client, and of that for a pool", async () => {
    const pool = new pg.Pool();
    expect(() => createPrismaStorage(pool as never)).toThrow(
      /found an instance of BoundPool: createPgStorage of hephaestus-prisma\/pg takes a pool$/,
    );
    expect(() => createPrismaStorage(new pg.Client() as never)).toThrow(/found an instance of Client: createPgStorage of/);
    expect(() => createPrismaStorage(PrismaClient as never)).toThrow(
      "found a class: give one of its objects, new PrismaClient({ adapter })",
    );
    const client = new PrismaClient({ adapter: { provider: "postgres", adapterName: "none" } as never });
    expect(() => createPgStorage(client as never)).toThrow("found a Prisma Client: give that to createPrismaStorage of hephaestus-prisma");
    await pool.end();
  });
});
