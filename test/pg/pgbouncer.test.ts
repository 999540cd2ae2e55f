import { createPgStorage } from "hephaestus-prisma/pg";
import { describeStorage } from "hephaestus-prisma/testing";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PgBouncer, startPgBouncer } from "../../tools/pgbouncer.js";
import { audit, runWriters } from "../../tools/writers.js";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { anInstance } from "hephaestus-prisma/testing";

function poolOn(connectionString: string, max: number): pg.Pool {
  return new pg.Pool({ connectionString, max }).on("error", () => {});
}

// Debian's PgBouncer 1.18. From 1.21 on, it keeps prepared statements apart itself.
describe("behind PgBouncer before 1.21 in transaction mode", () => {
  let database: PostgresDatabase;
  let bouncer: PgBouncer;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    bouncer = await startPgBouncer(database.url);
    pool = poolOn(bouncer.url, 30);
  });
  afterAll(async () => {
    await pool.end();
    await bouncer.stop();
    await database.close();
  });

  describeStorage(
    { describe, it },
    {
      name: "the pg storage with namedStatements: false",
      async create() {
        await database.sql("DELETE FROM workflow_instances");
        return createPgStorage(pool, { namedStatements: false });
      },
    },
  );

  it("everything works without names, from many connections at once", async () => {
    await database.sql("DELETE FROM workflow_instances");
    const storage = createPgStorage(pool, { namedStatements: false });
    const coalescing = createPgStorage(pool, { namedStatements: false, coalesceWrites: true });
    const controller = new AbortController();
    const writing = runWriters(storage, coalescing, 40, controller.signal);
    for (let round = 0; round < 10; round++) {
      const client = await pool.connect();
      await client.query("BEGIN");
      await storage.withTransaction(client).put(anInstance({ id: `a${round}` }));
      await storage.withTransaction(client).update(`a${round}`, (current) => ({ ...current, status: "completed" }));
      await client.query("COMMIT");
      client.release();
    }
    while ((await storage.count()) < 40); // each of the writers has rows of its own
    controller.abort();
    const tally = await writing;
    expect(await storage.query({ status: "completed" })).toHaveLength(10);
    for (const { id } of await storage.query({ workflow: "Order.V2" })) await storage.delete(id);
    expect(tally.acknowledged).toBeGreaterThan(0);
    expect(await audit(storage, tally)).toEqual({ lost: [], appliedTwice: 0, torn: [] });
  });

  it("names fail loudly as soon as two clients meet on one connection of the server", async () => {
    const pools = [1, 2].map(() => poolOn(bouncer.url, 1));
    const codes = new Set<unknown>();
    for (let round = 0; round < 10; round++)
      for (const one of pools)
        await createPgStorage(one)
          .get("a")
          .catch((error: unknown) => codes.add(Reflect.get(Object(error) as object, "code")));
    // A statement of this name exists already, or it doesn't exist on this connection.
    expect(codes.size).toBeGreaterThan(0);
    expect(["42P05", "26000"]).toEqual(expect.arrayContaining([...codes]));
    await Promise.all(pools.map((one) => one.end()));
  });
});
