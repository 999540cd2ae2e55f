import {
  type CallOptions,
  createPrismaStorage,
  type Instance,
  type InstanceStorage,
  type ListOptions,
  type PrismaClientLike,
  type PrismaTransactionLike,
} from "hephaestus-prisma";
import { createPgStorage, type PgClientLike, type PgPoolLike } from "hephaestus-prisma/pg";
import { describe, expectTypeOf, it } from "vitest";

declare const storage: InstanceStorage;
declare const instance: Instance;
declare const signal: AbortSignal;
declare const client: PrismaClientLike;
declare const transaction: PrismaTransactionLike;
declare const pool: PgPoolLike;
declare const pgClient: PgClientLike;

describe("the options of calls", () => {
  it("have a signal, for each call", async () => {
    expectTypeOf<CallOptions["signal"]>().toEqualTypeOf<AbortSignal | undefined>();
    await storage.get("a", { signal });
    await storage.put(instance, { signal, expected: instance });
    await storage.insert(instance, { signal });
    await storage.update("a", (current) => current, { signal, attempts: 3 });
    await storage.putMany([instance], { signal });
    await storage.delete("a", { signal });
    await storage.query({}, { signal, limit: 1 });
    storage.stream({}, { signal, batchSize: 1 });
    await storage.list({}, { signal, limit: 1 });
    await storage.count({}, { signal });
    await storage.countBy("status", {}, { signal });
    await storage.prune({ status: "failed" }, { signal, batchSize: 1 });
  });

  it("can't have a signal that is undefined, which is a mistake at run time too", async () => {
    // @ts-expect-error under exactOptionalPropertyTypes, what is given is a signal
    await storage.get("a", { signal: undefined });
  });

  it("of list have a cursor, which may be null or undefined, and of query an id", async () => {
    expectTypeOf<ListOptions["cursor"]>().toEqualTypeOf<string | null | undefined>();
    const { nextCursor } = await storage.list();
    await storage.list({}, { cursor: nextCursor });
    await storage.list({}, { cursor: undefined });
    // @ts-expect-error a list goes on after a cursor, not after an id
    await storage.list({}, { after: "a" });
    // @ts-expect-error a query begins after an id, and there is none
    await storage.query({}, { after: nextCursor });
  });
});

describe("the options of a storage", () => {
  it("name the table, with what only SQL can do", () => {
    createPrismaStorage(client, { table: "public.workflow_instances", bigIntegers: "bigint", coalesceWrites: true });
    createPgStorage(pool, { table: "workflow_instances" });
    // @ts-expect-error raw SQL is no longer guessed
    createPrismaStorage(client, { allowRawSql: true });
  });
});

describe("withTransaction", () => {
  it("takes the client of a transaction, and returns a storage of the same kind", () => {
    const storage = createPrismaStorage(client);
    expectTypeOf(storage.withTransaction(transaction)).toEqualTypeOf(storage);
    const bySql = createPgStorage(pool);
    expectTypeOf(bySql.withTransaction(pgClient)).toEqualTypeOf(bySql);
  });
});
