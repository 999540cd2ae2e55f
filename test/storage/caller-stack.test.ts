import { fileURLToPath } from "node:url";
import { createInstance, createPrismaStorage, type InstanceStorage, StorageError, type WorkflowSchemas } from "hephaestus-prisma";
import { createMemoryStorage } from "hephaestus-prisma/memory";
import { createPgStorage } from "hephaestus-prisma/pg";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { databaseOn } from "../storage-on.js";
import { preparePostgresDatabase } from "../database.js";

const HERE = fileURLToPath(import.meta.url);
const order = createInstance({ id: "order::1", workflow: "Order" });
const undefinedFilter = { status: undefined } as never;

const misuses: [string, (storage: InstanceStorage) => Promise<unknown>][] = [
  ["INVALID_FILTER", (storage) => storage.query(undefinedFilter)],
  ["INVALID_FILTER", (storage) => storage.list(undefinedFilter)],
  ["INVALID_FILTER", (storage) => storage.count(undefinedFilter)],
  ["INVALID_FILTER", (storage) => storage.prune({})],
  ["INVALID_FILTER", async (storage) => storage.stream(undefinedFilter).next()],
  ["INVALID_OPTION", (storage) => storage.countBy("state" as never)],
  ["INVALID_OPTION", (storage) => storage.update("order::1", undefined as never)],
  ["INVALID_ID", (storage) => storage.get("")],
  ["INVALID_ID", (storage) => storage.delete("")],
  ["INVALID_INSTANCE", (storage) => storage.put({ ...order, workflowVersion: 0 })],
  ["INVALID_INSTANCE", (storage) => storage.putMany([{ ...order, workflowVersion: 0 }])],
  ["NOT_SERIALIZABLE", (storage) => storage.insert({ ...order, runtimeMetadata: { pattern: /x/ } })],
  ["SCHEMA_MISMATCH", (storage) => storage.put({ ...order, workflow: "Checked" })],
];

/** The first place of a stack, without its line. */
const firstFrame = (error: StorageError): string | undefined => error.stack?.slice(error.stack.indexOf("\n    at ")).split("\n")[1];

async function failureOf(call: Promise<unknown>): Promise<StorageError> {
  const error: unknown = await call.catch((reason: unknown) => reason);
  if (error instanceof StorageError) return error;
  throw error;
}

describe("the stack of an error", () => {
  const database = databaseOn(preparePostgresDatabase);
  const schemas: WorkflowSchemas = { Checked: { initial: z.object({ total: z.number() }) } };
  const options = { schemas, onOperation: () => {} };
  const storages: [string, () => InstanceStorage][] = [
    ["Prisma's verbs", () => createPrismaStorage(database.client, options)],
    [
      "SQL through Prisma",
      () => createPrismaStorage(database.client, { ...options, table: "public.workflow_instances", coalesceWrites: true }),
    ],
    ["pg", () => createPgStorage(database.pool, options)],
    ["memory", () => createMemoryStorage({ schemas })],
  ];

  describe.each(storages)("of a storage on %s", (_, create) => {
    it.each(misuses)("begins at the line that has called it, for %s (%#)", async (code, misuse) => {
      const error = await failureOf(misuse(create()));
      expect(error.code).toBe(code);
      expect(firstFrame(error)).toContain(HERE);
      expect(error.stack?.startsWith(`${error.name}: ${error.message}\n    at `)).toBe(true);
    });
  });

  it("has the line that awaits the call, for what is found out later", async () => {
    const storage = createPgStorage(database.pool);
    const update = async (): Promise<unknown> => await storage.update("nobody", (instance) => instance);
    const { code, stack } = await failureOf(update());
    expect({ code, stack }).toEqual({ code: "INSTANCE_NOT_FOUND", stack: expect.stringContaining(HERE) as string });
  });

  it("belongs to each of several calls that run at the same time", async () => {
    const storage = createMemoryStorage();
    const first = (): Promise<unknown> => storage.get("");
    const second = (): Promise<unknown> => storage.put({ ...order, id: "" });
    const [one, two] = await Promise.all([failureOf(first()), failureOf(second())]);
    expect(firstFrame(one)).toMatch(/^ +at first /);
    expect(firstFrame(two)).toMatch(/^ +at second /);
  });

  it("is left alone outside of a call", async () => {
    const storage = createMemoryStorage();
    await failureOf(storage.get(""));
    const made = (): unknown => {
      try {
        return createMemoryStorage({ bigIntegers: "all" as never });
      } catch (error) {
        return error;
      }
    };
    expect((made() as StorageError).stack).toContain(HERE);
  });
});
