import { cp } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createMigratedDatabase, query } from "../migrate/empty-database.js";
import { diagnose, type Finding } from "./doctor/diagnose.js";
import { createProject, createProjectWith, type Project, ROOT } from "./project.js";

const CHECK = "table option";
const ONE = "the table of the instances, and no other like it: a wrong schema in the option finds other instances, without an error";

async function optionOf(url: string, args: readonly string[], project: Project): Promise<[number | null, Finding | undefined]> {
  const { code, findings } = await diagnose(url, args, { cwd: project.folder });
  return [code, findings.find(({ check }) => check === CHECK)];
}

/** A project with the model and the migrations that the databases here have. */
async function migratedProject(): Promise<Project> {
  const project = await createProjectWith('@@map("workflow_instances")');
  await cp(join(ROOT, "prisma/migrations"), join(project.folder, "prisma/migrations"), { recursive: true });
  return project;
}

/** Another table like it. */
async function addTable(url: string, schema: string, table: string): Promise<void> {
  await query(url, `CREATE SCHEMA IF NOT EXISTS "${schema}"; CREATE TABLE "${schema}"."${table}" (LIKE workflow_instances INCLUDING ALL)`);
}

describe("hephaestus-prisma doctor on the option table", () => {
  it("shows the name that the model and the URL give, and so does a folder without a model", async () => {
    const url = await createMigratedDatabase();
    const [project, without] = [await migratedProject(), await createProject()];
    const found = '{ table: "public.workflow_instances" }';
    const finding = { check: CHECK, ok: true, found, expected: found, fix: null };
    expect(await optionOf(url, [], project)).toEqual([0, finding]);
    expect(await optionOf(url, [], without)).toEqual([1, finding]);
    expect((await project.run(["doctor", "--verbose"], url)).out).toContain(`\nok  ${CHECK}: ${found}\n`);
  });

  it("notes tables of other schemas with the same columns", async () => {
    const [url, project] = [await createMigratedDatabase(), await migratedProject()];
    await addTable(url, "tenant_b", "workflow_instances");
    await addTable(url, "public", "archive");
    await query(url, "CREATE TABLE tenant_b.others (id text)");
    expect(await optionOf(url, [], project)).toEqual([
      0,
      {
        check: CHECK,
        ok: "note",
        found: '{ table: "public.workflow_instances" }, and "workflow_instances" in the schema "tenant_b" has the same columns',
        expected: ONE,
        fix: "compare the schema in your code with that of your migrations",
      },
    ]);
  });

  it("reports a model whose table is in another schema than the one that is examined, until the URL names that", async () => {
    const [url, project] = [
      await createMigratedDatabase(),
      await createProjectWith('@@map("workflow_instances")\n  @@schema("Other \\"one")'),
    ];
    const finding = {
      check: CHECK,
      ok: false,
      found: String.raw`{ table: "\"Other \"\"one\".workflow_instances" } by your model, and there is no such table`,
      expected: '{ table: "public.workflow_instances" }, the table that is examined',
      fix: "in DATABASE_URL or --url: ?schema=Other%20%22one",
    };
    expect(await optionOf(url, [], project)).toEqual([1, finding]);
    await addTable(url, 'Other ""one', "workflow_instances");
    const there = String.raw`{ table: "\"Other \"\"one\".workflow_instances" } by your model, and that table is there too`;
    expect(await optionOf(url, [], project)).toEqual([1, { ...finding, found: there }]);
    const [, followed] = await optionOf(`${url}?schema=Other%20%22one`, [], project);
    expect(followed).toMatchObject({ ok: "note", expected: ONE });
  });

  it("reports a model whose table has another name than the one that is examined, until --table names that", async () => {
    const [url, project] = [await createMigratedDatabase(), await createProjectWith('@@map("order runs")')];
    await query(url, 'CREATE TABLE "order runs" (LIKE workflow_instances INCLUDING ALL)');
    const [code, finding] = await optionOf(url, [], project);
    expect([code, finding]).toMatchObject([
      1,
      {
        ok: false,
        found: String.raw`{ table: "public.\"order runs\"" } by your model, and that table is there too`,
        fix: "npx hephaestus-prisma doctor --table 'order runs'",
      },
    ]);
    const option = String.raw`{ table: "public.\"order runs\"" }`;
    expect((await optionOf(url, ["--table", "order runs"], project))[1]).toMatchObject({ ok: true, found: option });
  });

  it("says that the table is not there, next to the finding that says why", async () => {
    const [url, project] = [await createMigratedDatabase(), await createProject()];
    const { code, findings } = await diagnose(`${url}?schema=nowhere`, [], { cwd: project.folder });
    expect(code).toBe(1);
    expect(findings.slice(-2)).toMatchObject([
      { check: "table", ok: false },
      {
        check: CHECK,
        ok: "note",
        found: '{ table: "nowhere.workflow_instances" }, and there is no such table',
        expected: "that it is there",
        fix: null,
      },
    ]);
  });
});
