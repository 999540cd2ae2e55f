import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPostgresDatabase, type PostgresDatabase } from "./database.js";
import { runExample } from "./examples/run-example.js";

describe("the examples", () => {
  let database: PostgresDatabase;
  beforeAll(async () => {
    database = await createPostgresDatabase();
  });
  afterAll(() => database.close());

  it("pg stores, updates and lists an order without a Prisma Client", async () => {
    expect(await runExample("pg.ts", { DATABASE_URL: database.url })).toBe("order::4711 is waiting\n");
    await database.sql("DELETE FROM workflow_instances");
  });

  it("demo needs no database: it starts a PostgreSQL, which ends with it", async () => {
    const output = await runExample("demo.ts", { DEMO_DATABASE_URL: undefined, DATABASE_URL: undefined });
    expect(output).toMatch(/^In a PostgreSQL of its own, which ends with the demo\.\n[^]*Ada is killed with SIGKILL[^]* is completed:/);
  });
});
