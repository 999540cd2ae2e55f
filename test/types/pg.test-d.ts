import { getStorage, type PrismaStorage, startStorage, type WorkflowsOf } from "hephaestus-prisma";
import { createPgStorage, type PgClientLike, type PgPoolLike, type PgStorage } from "hephaestus-prisma/pg";
import type pg from "pg";
import type { Pool as PoolOfPg } from "pg";
import { describe, expectTypeOf, it } from "vitest";
import { z } from "zod";

interface Workflows {
  "Order.V1": { initial: { total: number } };
}

/** A pool of another make: `@neondatabase/serverless` extends the classes of `pg`, others have only what everybody calls. */
declare class NeonPool extends PoolOfPg {
  override connect(): Promise<NeonClient>;
  override connect(callback: (error: Error | undefined, client: NeonClient | undefined, done: (release?: unknown) => void) => void): void;
}
interface NeonClient extends pg.PoolClient {
  neonConfig: { webSocketConstructor: unknown };
}
interface SmallClient {
  query(config: { text: string; name?: string; values?: unknown[] }): Promise<{ rows: never[]; rowCount: number | null }>;
  on(event: string, listener: (...args: never[]) => void): this;
  removeListener(event: string, listener: (...args: never[]) => void): this;
  release(destroy?: Error | boolean): void;
}
interface SmallPool {
  query: SmallClient["query"];
  connect(): Promise<SmallClient>;
}

declare const pool: pg.Pool;
declare const client: pg.Client;
declare const poolClient: pg.PoolClient;

describe("the pool that the storage takes", () => {
  it("can be one of pg", () => {
    expectTypeOf<pg.Pool>().toExtend<PgPoolLike>();
    expectTypeOf(createPgStorage(pool)).toEqualTypeOf<PgStorage>();
  });

  it("can be one like it", () => {
    expectTypeOf<NeonPool>().toExtend<PgPoolLike>();
    expectTypeOf<NeonClient>().toExtend<PgClientLike>();
    expectTypeOf<SmallPool>().toExtend<PgPoolLike>();
    expectTypeOf<SmallClient>().toExtend<PgClientLike>();
    expectTypeOf<Omit<SmallPool, "query">>().not.toExtend<PgPoolLike>();
    expectTypeOf<{ query: SmallClient["query"]; connect(): Promise<void> }>().not.toExtend<PgPoolLike>();
  });

  it("can't be a client", () => {
    expectTypeOf<pg.Client>().not.toExtend<PgPoolLike>();
    expectTypeOf<pg.PoolClient>().not.toExtend<PgPoolLike>();
    // @ts-expect-error A client lends no clients.
    expectTypeOf(createPgStorage).toBeCallableWith(client);
  });
});

describe("a started storage", () => {
  it("is of the type that it was created with, and can be claimed to be", () => {
    expectTypeOf(startStorage({ storage: createPgStorage(pool), name: "loop" })).toEqualTypeOf<PgStorage>();
    expectTypeOf(startStorage({ storage: createPgStorage<Workflows>(pool) })).toEqualTypeOf<PgStorage<Workflows>>();
    expectTypeOf(getStorage<Workflows, PgStorage<Workflows>>("loop")).toEqualTypeOf<PgStorage<Workflows>>();
    expectTypeOf(getStorage<Workflows>()).toEqualTypeOf<PrismaStorage<Workflows>>();
  });
});

describe("the workflows of the storage", () => {
  it("are those that are declared, or else those of the schemas", () => {
    expectTypeOf(createPgStorage<Workflows>(pool)).toEqualTypeOf<PgStorage<Workflows>>();
    const schemas = { "Order.V2": { initial: z.object({ total: z.number() }) } };
    expectTypeOf(createPgStorage(pool, { schemas })).toEqualTypeOf<PgStorage<WorkflowsOf<typeof schemas>>>();
    // @ts-expect-error No such workflow is declared.
    createPgStorage<Workflows>(pool, { schemas: { "Order.V9": {} } });
  });
});

describe("the client of a transaction", () => {
  it("can be one of pg, and one that a pool has lent", () => {
    expectTypeOf<pg.Client>().toExtend<PgClientLike>();
    expectTypeOf<pg.PoolClient>().toExtend<PgClientLike>();
    expectTypeOf(createPgStorage(pool).withTransaction(poolClient)).toEqualTypeOf<PgStorage>();
  });

  it("can't be a pool", () => {
    expectTypeOf<pg.Pool>().not.toExtend<PgClientLike>();
  });
});
