import { createPgStorage } from "hephaestus-prisma/pg";
import { anInstance } from "hephaestus-prisma/testing";
import pg from "pg";
import { beforeEach, describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { databaseOn } from "../storage-on.js";

describe("the pg storage on a server that can't lock rows, as Citus says it", () => {
  const database = databaseOn(preparePostgresDatabase);
  const sent: string[] = [];
  let attempts = 0;
  // A pool whose server answers as the coordinator of Citus does.
  const pool = {
    connect: () => database.pool.connect(),
    query(statement: pg.QueryConfig): Promise<pg.QueryResult> {
      sent.push(statement.text);
      if (!statement.text.includes("FOR UPDATE")) return database.pool.query(statement);
      attempts++;
      const message = "could not run distributed query with FOR UPDATE/SHARE commands";
      return Promise.reject(Object.assign(new Error(message), { code: "0A000" }));
    },
  };
  beforeEach(async () => {
    await database.sql("DELETE FROM workflow_instances");
    sent.length = 0;
    attempts = 0;
  });
  const completed = (count: number) => Array.from({ length: count }, (_, n) => anInstance({ id: `order::${n}`, status: "completed" }));

  it("prunes by the ids of a batch and a second condition, and tries to lock them only once", async () => {
    const storage = createPgStorage(pool);
    await storage.putMany([...completed(25), anInstance({ id: "other" })]);
    const progress: number[] = [];
    expect(await storage.prune({ status: "completed" }, { batchSize: 10, onProgress: (pruned) => progress.push(pruned) })).toBe(25);
    expect([progress, attempts]).toEqual([[10, 20, 25], 1]);
    expect(await database.sql("SELECT id FROM workflow_instances")).toEqual([{ id: "other" }]);
  });

  it("stores many by multi-row VALUES where Citus is installed, and by unnest elsewhere", async () => {
    await createPgStorage(pool).putMany(completed(3));
    expect(sent.filter((sql) => sql.includes("INSERT")).map((sql) => sql.includes("unnest"))).toEqual([true]);
    await database.sql(
      "INSERT INTO pg_extension SELECT 999999, 'citus', extowner, extnamespace, false, '13', NULL, NULL FROM pg_extension LIMIT 1",
    );
    sent.length = 0;
    await createPgStorage(pool).putMany(completed(3));
    expect(sent.filter((sql) => sql.includes("INSERT")).map((sql) => sql.includes("unnest"))).toEqual([false]);
    await database.sql("DELETE FROM pg_extension WHERE extname = 'citus'");
    expect(await database.sql("SELECT count(*)::int AS n FROM workflow_instances")).toEqual([{ n: 3 }]);
  });
});
