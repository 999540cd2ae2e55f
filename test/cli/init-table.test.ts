import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInstance, createPrismaStorage } from "hephaestus-prisma";
import { describe, expect, it, onTestFinished } from "vitest";
import { connectClient } from "../database.js";
import { createEmptyDatabase, query } from "../migrate/empty-database.js";
import { CONFIG, createProject, type Project, projectOf, ROOT, SCHEMA } from "./project.js";

const MODEL = await readFile(join(ROOT, "prisma/workflow-instance.prisma"), "utf8");
const MODEL_FILE = "prisma/workflow-instance.prisma";
const PRISMA = ["prisma", "@prisma"];
const URL_OF = (schema: string): string => `postgresql://me:secret@db.invalid/app?schema=${schema}`;
const configWith = (url: string): string => CONFIG.replace('env("DATABASE_URL")', JSON.stringify(url));

/** The name in its JSON, and the line of code in its text. */
async function namedBy(project: Project, url?: string): Promise<{ readonly table: unknown; readonly line: string | undefined }> {
  const { out, err } = await project.run(["init", "--json"], url);
  expect(err).toBe("");
  const { table } = JSON.parse(out) as { table: unknown };
  const { out: text } = await project.run(["init"], url);
  expect(text).not.toContain("secret");
  return { table, line: /^ {2}(createPrismaStorage\(.*)$/m.exec(text)?.[1] };
}

describe("hephaestus-prisma init names the table for SQL", () => {
  it("in the schema of the URL that the config has, or else of DATABASE_URL", async () => {
    const project = await createProject();
    expect(await namedBy(project, URL_OF("tenant_a"))).toEqual({
      table: "tenant_a.workflow_instances",
      line: 'createPrismaStorage(prisma, { table: "tenant_a.workflow_instances" })',
    });
    await project.write({ "prisma.config.ts": configWith(URL_OF("Tenant%20%22A%22")) });
    expect(await namedBy(project, URL_OF("tenant_a"))).toEqual({
      table: '"Tenant ""A""".workflow_instances',
      line: String.raw`createPrismaStorage(prisma, { table: "\"Tenant \"\"A\"\"\".workflow_instances" })`,
    });
    await project.write({ "prisma.config.ts": `export default { schema: "prisma" };` });
    expect(await namedBy(project, URL_OF("tenant_b"))).toMatchObject({ table: "tenant_b.workflow_instances" });
  });

  it.each([
    ["a URL without one", "postgresql://db.invalid/app"],
    ["a URL of another kind", "prisma://accelerate.invalid/?api_key=secret"],
  ])("in public for %s", async (_, url) => {
    const project = await projectOf({ "prisma.config.ts": configWith(url), "prisma/schema.prisma": SCHEMA }, PRISMA);
    expect(await namedBy(project)).toMatchObject({ table: "public.workflow_instances" });
    expect((await project.run(["init"])).out).not.toContain("a guess");
  });

  it("in the schema of the URL in Prisma 6's datasource", async () => {
    const withUrl = (url: string): string => SCHEMA.replace('"postgresql"', `"postgresql"\n  url      = ${url}`);
    const project = await projectOf({ "prisma/schema.prisma": withUrl(`"${URL_OF("literal")}"`) }, []);
    expect(await namedBy(project, URL_OF("other"))).toMatchObject({ table: "literal.workflow_instances" });
    await project.write({ "prisma/schema.prisma": withUrl('env("DATABASE_URL") // the app\'s') });
    expect(await namedBy(project, URL_OF("of_env"))).toMatchObject({ table: "of_env.workflow_instances" });
    expect((await project.run(["init"])).out).toContain("?schema= of DATABASE_URL, which is not set here, may name another schema");
  });

  it.each([
    ["@@map and @@schema", '@@map("Order Runs") // ours\n  @@schema("apart")', 'apart."Order Runs"'],
    ["upper case, to the letter", '@@map(name: "OrderRuns")', "tenant_a.OrderRuns"],
    ["a quote", String.raw`@@map("a\"b")`, 'tenant_a."a""b"'],
    ["the model's own name without @@map", "", "tenant_a.WorkflowInstance"],
  ])("as the model that is there says: %s", async (_, lines, table) => {
    const project = await createProject();
    await project.write({ [MODEL_FILE]: MODEL.replace('@@map("workflow_instances")', lines) });
    expect(await namedBy(project, URL_OF("tenant_a"))).toEqual({
      table,
      line: `createPrismaStorage(prisma, { table: ${JSON.stringify(table)} })`,
    });
  });

  it("with the option model if the model has another name", async () => {
    const project = await createProject();
    await project.write({ "prisma/models/flows.prisma": MODEL.replace("model WorkflowInstance", "model OrderFlow") });
    expect(await namedBy(project, URL_OF("public"))).toEqual({
      table: "public.workflow_instances",
      line: 'createPrismaStorage(prisma, { model: "orderFlow", table: "public.workflow_instances" })',
    });
  });

  it("as a model that --force brings back says", async () => {
    const project = await createProject();
    await project.write({ [MODEL_FILE]: MODEL.replace('@@map("workflow_instances")', '@@map("runs")') });
    const { out } = await project.run(["init", "--force", "--json", "--dry-run"], URL_OF("public"));
    expect(JSON.parse(out)).toMatchObject({ table: "public.workflow_instances" });
  });

  it("so that a storage with that option writes to the table that was deployed", async () => {
    const project = await createProject();
    const url = `${await createEmptyDatabase()}?schema=Work%20flows`;
    const { table } = JSON.parse((await project.run(["init", "--json"], url)).out) as { table: string };
    expect(await project.run(["migrate", "deploy"], url)).toMatchObject({ code: 0 });
    const client = connectClient({ connectionString: url });
    onTestFinished(() => client.$disconnect());
    await createPrismaStorage(client, { table }).put(createInstance({ id: "order::1", workflow: "Order.V1" }));
    expect(await query(url, 'SELECT id FROM "Work flows".workflow_instances')).toEqual([{ id: "order::1" }]);
  });
});
