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

  it("demo has a killed worker's order finished by another one, in the database that it was given, and leaves DATABASE_URL alone", async () => {
    const given = await createPostgresDatabase();
    const output = await runExample("demo.ts", { DEMO_DATABASE_URL: given.url, DATABASE_URL: database.url });
    expect(output).toMatch(
      /^In the database of DEMO_DATABASE_URL\.\n[^]*Ada is killed with SIGKILL[^]* is completed:\n {2}reserve: reserved, /,
    );
    expect(output.trimEnd()).toMatch(/\nNext: [^]*README\.md, "Install"/);
    expect(await given.sql("SELECT workflow, status FROM workflow_instances")).toEqual([
      { workflow: "QueuedOrder.V1", status: "completed" },
    ]);
    await given.close();
    expect(await database.sql("SELECT id FROM workflow_instances")).toEqual([]);
    expect(await database.sql("SELECT nspname FROM pg_namespace WHERE nspname = 'pgboss'")).toEqual([]);
  });

  it("demo needs no database: it starts a PostgreSQL, which ends with it", async () => {
    const output = await runExample("demo.ts", { DEMO_DATABASE_URL: undefined, DATABASE_URL: undefined });
    expect(output).toMatch(/^In a PostgreSQL of its own, which ends with the demo\.\n[^]*Ada is killed with SIGKILL[^]* is completed:/);
  });
});
