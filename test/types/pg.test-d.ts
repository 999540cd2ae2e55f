import { startStorage } from "hephaestus-prisma";
import { createPgStorage, type PgClientLike, type PgPoolLike, type PgStorage } from "hephaestus-prisma/pg";
import type pg from "pg";
import { describe, expectTypeOf, it } from "vitest";

declare const pool: pg.Pool;
declare const client: pg.Client;
declare const poolClient: pg.PoolClient;

describe("the pool that the storage takes", () => {
  it("can be one of pg", () => {
    expectTypeOf<pg.Pool>().toExtend<PgPoolLike>();
    expectTypeOf(createPgStorage(pool)).toEqualTypeOf<PgStorage>();
  });

  it("can't be a client", () => {
    expectTypeOf<pg.Client>().not.toExtend<PgPoolLike>();
    expectTypeOf<pg.PoolClient>().not.toExtend<PgPoolLike>();
    // @ts-expect-error A client lends no clients.
    expectTypeOf(createPgStorage).toBeCallableWith(client);
  });
});

describe("the client of a transaction", () => {
  it("can be one of pg, and one that a pool has lent", () => {
    expectTypeOf<pg.Client>().toExtend<PgClientLike>();
    expectTypeOf<pg.PoolClient>().toExtend<PgClientLike>();
    expectTypeOf(createPgStorage(pool).withClient(poolClient)).toEqualTypeOf<PgStorage>();
  });

  it("can't be a pool", () => {
    expectTypeOf<pg.Pool>().not.toExtend<PgClientLike>();
  });
});
