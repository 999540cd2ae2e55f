import { readFile } from "node:fs/promises";
import { createPrismaStorage } from "hephaestus-prisma";
import { describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { anInstance } from "hephaestus-prisma/testing";
import { prisma } from "../migrate/prisma-cli.js";
import { databaseOn } from "../storage-on.js";
import { codeOf } from "../../tools/snippets.js";

const OVERVIEW = new URL("../../prisma/migrations/20260101000003_overview/migration.sql", import.meta.url);

describe("docs/partitioning.md", () => {
  const database = databaseOn(preparePostgresDatabase);

  it("splits a table that is in use, keeps its rows, and leaves no drift", async () => {
    const storage = createPrismaStorage(database.client, { table: "public.workflow_instances" });
    const instances = Array.from({ length: 50 }, (_, n) => anInstance({ id: `order::${String(n).padStart(2, "0")}` }));
    await storage.putMany(instances);
    const shape = (): Promise<unknown> =>
      Promise.all([
        database.sql(
          "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'workflow_instances'::regclass ORDER BY 1",
        ),
        database.sql("SELECT indexname FROM pg_indexes WHERE tablename = 'workflow_instances' ORDER BY 1"),
        database.sql(
          "SELECT column_name, data_type, column_default, is_nullable FROM information_schema.columns WHERE table_name = 'workflow_instances' ORDER BY 1",
        ),
        database.sql("SELECT obj_description('workflow_instances'::regclass)"),
      ]);
    const before = await shape();
    const [migration = ""] = codeOf("docs/partitioning.md", "sql");
    await database.sql(`${migration}\n${await readFile(OVERVIEW, "utf8")}`);
    expect(await shape()).toEqual(before);
    expect(await database.sql("SELECT DISTINCT tableoid FROM workflow_instances")).toHaveLength(8);
    expect(await database.sql("SELECT count(*)::int AS n FROM workflow_instance_overview")).toEqual([{ n: 50 }]);
    expect(await storage.query({ contextContains: { items: [{ sku: "A-1" }] } })).toEqual(instances);
    const diff = await prisma(database.url, ["migrate", "diff", "--from-config-datasource", "--to-schema", "prisma", "--exit-code"]);
    expect(diff).toMatchObject({ code: 0 });
  });
});
