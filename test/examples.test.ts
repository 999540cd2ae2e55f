import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPostgresDatabase, type PostgresDatabase } from "./database.js";
import { ROOT, runExample } from "./examples/run-example.js";

describe("the examples", () => {
  let database: PostgresDatabase;
  beforeAll(async () => {
    database = await createPostgresDatabase();
  });
  afterAll(() => database.close());

  it("the README's quick start is the file that this test runs", () => {
    const file = readFileSync(`${ROOT}examples/quick-start.ts`, "utf8").trim();
    expect(readFileSync(`${ROOT}README.md`, "utf8")).toContain(`\`\`\`ts\n${file}\n\`\`\``);
  });

  it("quick-start stores, queries and deletes an order", async () => {
    expect(await runExample("quick-start.ts", { DATABASE_URL: database.url })).toBe(
      "order::4711 is waiting at payment\norder::4711 is gone\n",
    );
  });

  it("pg stores, updates and lists an order without a Prisma Client", async () => {
    expect(await runExample("pg.ts", { DATABASE_URL: database.url })).toBe("order::4711 is waiting\n");
    await database.sql("DELETE FROM workflow_instances");
  });

  it("demo resumes on a server the instances that it stored before its restart", async () => {
    const output = await runExample("demo.ts", { DATABASE_URL: database.url });
    expect(output).toMatch(/All migrations are applied\.[^]*Still active after the restart:[^]*order::1003 is resumed and completed/);
    expect(await database.sql("SELECT id, workflow_version, status FROM workflow_instances ORDER BY id")).toEqual([
      { id: "invoice::2001", workflow_version: 1, status: "running" },
      { id: "order::1001", workflow_version: 1, status: "completed" },
      { id: "order::1002", workflow_version: 1, status: "failed" },
      { id: "order::1003", workflow_version: 2, status: "completed" },
      { id: "order::1004", workflow_version: 2, status: "pending" },
    ]);
  });

  it("demo does the same in its own folder, without a server", async () => {
    const output = await runExample("demo.ts", { DATABASE_URL: undefined });
    expect(output).toMatch(
      /Applied the migrations 20260101000000_baseline, 20260101000001_extras, 20260101000002_listings, 20260101000003_overview\.[^]*All migrations are applied\.[^]*order::1003 is resumed and completed/,
    );
  });
});
