import {
  createPrismaStorage,
  getStorage,
  type Instance,
  type PrismaStorageOptions,
  type StorageOperation,
  startStorage,
  stopStorage,
  type Transform,
  type WorkflowSchemas,
} from "hephaestus-prisma";
import { createMemoryStorage } from "hephaestus-prisma/memory";
import { createPgStorage } from "hephaestus-prisma/pg";
import { anInstance } from "hephaestus-prisma/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { preparePostgresDatabase } from "../database.js";
import { storageOn, TABLE } from "../storage-on.js";

let nonce = 0;
// Turned letters, with a nonce, in place of the initial context; `read` gives back the letters.
const turned = (text: string): string => [...text].reverse().join("");
const transform: Transform = {
  write: async (instance) => {
    await Promise.resolve();
    const initial = { turned: turned(JSON.stringify(instance.context.initial)), nonce: ++nonce };
    return { ...instance, context: { ...instance.context, initial } };
  },
  read: async (stored) => {
    await Promise.resolve();
    const initial = JSON.parse(turned(String(stored.context.initial.turned))) as Instance["context"]["initial"];
    return { ...stored, context: { ...stored.context, initial } };
  },
};
const aCard = (change: Partial<Instance> = {}): Instance => anInstance({ context: { initial: { card: "4111" }, steps: {} }, ...change });

const ways: readonly (readonly [way: string, options: PrismaStorageOptions])[] = [
  ["Prisma's verbs", {}],
  ["SQL", { table: TABLE }],
  ["SQL with coalesced calls", { table: TABLE, coalesceReads: true, coalesceWrites: true }],
];

describe.each(ways)("transform, by %s,", (_, by) => {
  const { database } = storageOn(preparePostgresDatabase);
  const storage = createPrismaStorage(database.client, { ...by, transform });
  beforeEach(() => void database.statements());

  const rows = (): Promise<unknown[]> =>
    database.sql("SELECT id, status, state->'context'->'initial' AS initial FROM workflow_instances ORDER BY id");
  const stored = (id: string, status: string) => ({
    id,
    status,
    initial: { turned: '}"1114":"drac"{', nonce: expect.any(Number) as number },
  });

  it("stores by each call what write returns", async () => {
    await storage.put(aCard());
    await storage.insert(aCard({ id: "order::2" }));
    await storage.putMany([aCard({ id: "order::3" }), aCard({ id: "order::4" })]);
    await storage.update("order::2", (current) => ({ ...current, status: "failed" }));
    const current = await storage.get("order::3");
    if (current === null) return expect.fail("it is stored");
    await storage.put({ ...current, status: "completed" }, { expected: current });
    expect(await rows()).toEqual([
      stored("order::1", "waiting"),
      stored("order::2", "failed"),
      stored("order::3", "completed"),
      stored("order::4", "waiting"),
    ]);
    expect(await Promise.all(["order::1", "order::2"].map((id) => storage.get(id)))).toEqual([
      aCard(),
      aCard({ id: "order::2", status: "failed" }),
    ]);
  });

  it("sends nothing but the read for an update that changes nothing, with async schemas too", async () => {
    const slow: WorkflowSchemas = { "Order.V2": { initial: z.object({ card: z.string().refine(() => Promise.resolve(true)) }) } };
    const checked = createPrismaStorage(database.client, {
      ...by,
      transform,
      schemas: slow,
    });
    for (const one of [storage, checked]) {
      await one.put(aCard());
      const before = await database.sql("SELECT xmin, state FROM workflow_instances");
      database.statements();
      expect(await one.update("order::1", (current) => current)).toEqual(aCard());
      expect(database.statements()).toHaveLength(1);
      expect(await database.sql("SELECT xmin, state FROM workflow_instances")).toEqual(before);
    }
  });

  it("rejects before any SQL what write fails on", async () => {
    const failing = createPrismaStorage(database.client, { ...by, transform: { write: () => Promise.reject(new Error("no key")) } });
    await expect(failing.put(aCard())).rejects.toThrow("no key");
    await expect(failing.putMany([aCard()])).rejects.toThrow("no key");
    expect(database.statements()).toEqual([]);
  });

  it("holds in a transaction, under a name, and for what was read outside of it", async () => {
    startStorage({ client: database.client, name: "turned", ...by, transform });
    await storage.put(aCard());
    const outside = await storage.get("order::1");
    if (outside === null) return expect.fail("it is stored");
    await database.client.$transaction(async (tx) => {
      const within = getStorage("turned").withTransaction(tx);
      await within.put({ ...outside, status: "running" }, { expected: outside });
      await within.insert(aCard({ id: "order::2" }));
      expect(await within.query()).toEqual([aCard({ status: "running" }), aCard({ id: "order::2" })]);
    });
    expect(await rows()).toEqual([stored("order::1", "running"), stored("order::2", "waiting")]);
    stopStorage("turned");
  });

  it("lets schemas check what is held, and observers see each call with the bytes that are stored", async () => {
    const operations: StorageOperation[] = [];
    const quick: WorkflowSchemas = { "Order.V2": { initial: z.object({ card: z.string() }) } };
    const checked = createPrismaStorage(database.client, {
      ...by,
      transform,
      schemas: quick,
      onOperation: (operation) => operations.push(operation),
    });
    await checked.put(aCard());
    expect(await checked.get("order::1")).toEqual(aCard());
    const mismatch = checked.put(aCard({ context: { initial: { card: 4111 }, steps: {} } }));
    await expect(mismatch).rejects.toMatchObject({ code: "SCHEMA_MISMATCH", path: "context.initial.card" });
    await database.sql(`UPDATE workflow_instances SET state = jsonb_set(state, '{context,initial,turned}', '"}{"')`);
    await expect(checked.get("order::1")).rejects.toMatchObject({ code: "SCHEMA_MISMATCH", path: "state.context.initial.card" });
    await database.sql(`UPDATE workflow_instances SET state = jsonb_set(state, '{context,initial,turned}', '"}"')`);
    await expect(checked.query()).rejects.toMatchObject({ code: "TRANSFORM_FAILED", id: "order::1" });
    const seen: string[] = [];
    expect(await checked.query({}, { onUnreadable: ({ code, path }) => seen.push(`${code} at ${path}`) })).toEqual([]);
    expect(seen).toEqual(["TRANSFORM_FAILED at state"]);
    expect(operations.map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual([
      "put ok",
      "get ok",
      "put SCHEMA_MISMATCH",
      "get SCHEMA_MISMATCH",
      "query TRANSFORM_FAILED",
      "query ok",
    ]);
  });

  it("checks maxStateBytes against what is stored", async () => {
    const grown: Transform = { write: (instance) => ({ ...instance, runtimeMetadata: { pad: "x".repeat(10_000) } }) };
    const small = createPrismaStorage(database.client, { ...by, transform: grown, maxStateBytes: 5_000 });
    await expect(small.put(aCard())).rejects.toMatchObject({ code: "STATE_TOO_LARGE" });
    const shrunk: Transform = { write: (instance) => ({ ...instance, runtimeMetadata: {} }) };
    await createPrismaStorage(database.client, { ...by, transform: shrunk, maxStateBytes: 5_000 }).put(
      aCard({ runtimeMetadata: { pad: "x".repeat(10_000) } }),
    );
  });

  it("carries unknown keys of other writers through", async () => {
    await storage.put(aCard());
    await database.sql(`UPDATE workflow_instances SET state = state || '{"more": {"a": 1}}'`);
    await storage.update("order::1", (current) => ({ ...current, status: "failed" }));
    expect(await database.sql("SELECT status, state->'more' AS more FROM workflow_instances")).toEqual([
      { status: "failed", more: { a: 1 } },
    ]);
  });
});

describe("the option transform", () => {
  const { database } = storageOn(preparePostgresDatabase);

  it.each([
    [null, "expected an object, found null"],
    [() => 1, "expected an object, found a function"],
    [{ write: "seal" }, 'expected a function, found "seal" at transform.write'],
    [{ read: undefined }, "expected a function, found undefined at transform.read"],
    [{ reads: () => 1 }, "expected write and read, found another key"],
  ])("is rejected if it is %s: %s", (given, problem) => {
    const invalid = { transform: given as never };
    for (const create of [
      () => createPrismaStorage(database.client, invalid),
      () => createPgStorage(database.pool, invalid),
      () => createMemoryStorage(invalid),
      () => startStorage({ client: database.client, ...invalid }),
    ])
      expect(create).toThrow(
        expect.objectContaining({ code: "INVALID_OPTION", option: "transform", message: `the option "transform" is invalid: ${problem}` }),
      );
  });

  it("may be one of both, or neither", async () => {
    for (const given of [{}, { write: (one: Instance) => one }, { read: (one: Instance) => one }]) {
      const storage = createPgStorage(database.pool, { transform: given });
      await storage.put(aCard());
      expect(await storage.get("order::1")).toEqual(aCard());
    }
  });
});
