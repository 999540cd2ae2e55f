import { createPrismaStorage } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf } from "../../tools/snippets.js";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { prisma } from "../migrate/prisma-cli.js";

const blocks = codeOf("docs/operations.md", "sql");

describe("docs/operations.md", () => {
  let database: PostgresDatabase;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    const storage = createPrismaStorage(database.client);
    await storage.put(anInstance({ id: "failed", status: "failed" }));
    await storage.put(anInstance({ id: "waiting", status: "waiting" }));
    await storage.put(anInstance({ id: "waiting-longer", status: "waiting" }));
    await storage.put(anInstance({ id: "stuck", status: "running" }));
    await database.sql(
      "UPDATE workflow_instances SET updated_at = updated_at - interval '16 minutes' WHERE id IN ('stuck', 'waiting-longer')",
    );
  });
  afterAll(() => database.close());

  it.each(blocks)("has SQL that runs:\n%s", async (block) => {
    const statements = block.split(/;\s*(?:--.*)?\n+/).filter(Boolean);
    for (const statement of statements) {
      const rows = await database.sql(statement);
      if (statement.startsWith("SELECT")) expect(rows).not.toEqual([]);
    }
  });

  it("finds the failed instances, the longest waiting one and the stuck one", async () => {
    const [failed, waiting, stuck] = await Promise.all(blocks.slice(0, 3).map((block) => database.sql(block)));
    expect(failed).toMatchObject([{ workflow: "Order.V2", failed: "1" }]);
    expect(waiting).toMatchObject([{ id: "waiting-longer" }]);
    expect(stuck).toMatchObject([{ status: "running", workflow: "Order.V2", stuck: "1" }]);
  });

  it("sets no option that Prisma sees as drift", async () => {
    await database.sql(blocks.filter((block) => block.startsWith("ALTER")).join("\n"));
    const options = await database.sql("SELECT reloptions FROM pg_class WHERE oid = 'workflow_instances'::regclass");
    expect(options).toEqual([{ reloptions: expect.arrayContaining(["autovacuum_vacuum_scale_factor=0.02"]) as string[] }]);
    const diff = await prisma(database.url, ["migrate", "diff", "--from-config-datasource", "--to-schema", "prisma", "--exit-code"]);
    expect(diff).toMatchObject({ code: 0 });
  });
});
