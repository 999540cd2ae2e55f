import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createEmptyDatabase, MIGRATIONS, query } from "../migrate/empty-database.js";
import { CONFIG, createProject, NOTES, type Project, projectOf, ROOT, SCHEMA } from "./project.js";

const MODEL = await readFile(join(ROOT, "prisma/workflow-instance.prisma"), "utf8");
const COPIED = MIGRATIONS.map((name) => name.replace(/^\d{14}_/, "hephaestus_"));
const STATE = "idx_workflow_instances_state";
const UPDATED = "workflow_instances_updated_at_id_index";
const STATUS_UPDATED = "workflow_instances_status_updated_at_id_index";
const MODEL_FILE = "prisma/workflow-instance.prisma";
const INDEXES = "SELECT indexname AS name FROM pg_indexes WHERE tablename = 'workflow_instances' ORDER BY 1";

const init = (project: Project, ...args: string[]): ReturnType<Project["run"]> => project.run(["init", ...args]);
const suffixes = async (project: Project): Promise<string[]> => (await project.migrations()).map((name) => name.replace(/^\d{14}_/, ""));
const linesOf = (text: string, ...names: string[]): string =>
  text
    .split("\n")
    .filter((line) => !names.some((name) => line.includes(`"${name}"`)))
    .join("\n");

/** Applies the migrations, and sees that the database is what the schema says. */
async function deployed(project: Project, url?: string, schema = "prisma"): Promise<{ readonly url: string; readonly indexes: string[] }> {
  await project.write({ "prisma/migrations/0_init/migration.sql": NOTES });
  const database = url ?? (await createEmptyDatabase());
  expect(await project.run(["migrate", "deploy"], database)).toMatchObject({ code: 0 });
  const diff = ["migrate", "diff", "--from-config-datasource", "--to-schema", schema, "--exit-code"];
  expect(await project.prisma(diff, database)).toMatchObject({ code: 0 });
  return { url: database, indexes: (await query(database, INDEXES)).map(({ name }) => String(name)) };
}

describe("hephaestus-prisma init --without", () => {
  it("leaves the index of the state out of the model and drops it, without drift", async () => {
    const project = await createProject();
    const { code, err, out } = await init(project, "--without", "state-search");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(await project.read(MODEL_FILE)).toBe(linesOf(MODEL, STATE));
    expect(await suffixes(project)).toEqual([...COPIED, `hephaestus_drop_${STATE}`]);
    const script = await project.read(`prisma/migrations/${(await project.migrations()).at(-1)}/migration.sql`);
    expect(script.replaceAll(/^--.*\n/gm, "")).toBe(`DROP INDEX IF EXISTS "${STATE}";\n`);
    expect(script).toContain("stateContains and contextContains");
    const { indexes } = await deployed(project);
    expect(indexes).not.toContain(STATE);
    expect(indexes).toHaveLength(9);

    const before = await project.files();
    expect(await init(project, "--without", "state-search")).toEqual({ code: 0, err: "", out: out.replaceAll("created ", "unchanged ") });
    expect(await project.files()).toEqual(before);
  });

  it("drops each index in a migration of its own for the lean set-up", async () => {
    const project = await createProject();
    expect(await init(project, "--without", "state-search,update-times")).toMatchObject({ code: 0, err: "" });
    const dropped = [STATE, UPDATED, STATUS_UPDATED];
    expect(await suffixes(project)).toEqual([...COPIED, ...dropped.map((name) => `hephaestus_drop_${name}`)]);
    expect(await project.read(MODEL_FILE)).toBe(linesOf(MODEL, ...dropped));
    const { indexes } = await deployed(project);
    expect(indexes.filter((name) => dropped.includes(name))).toEqual([]);
    expect(indexes).toContain("workflow_instances_inserted_at_id_index");
  });

  it("keeps to the choice without the option, and when a model that differs is replaced", async () => {
    const project = await createProject();
    await init(project, "--without", "state-search");
    const before = await project.files();
    expect(await init(project)).toMatchObject({ code: 0, err: "" });
    expect(await project.files()).toEqual(before);

    await project.write({ [MODEL_FILE]: linesOf(MODEL, STATE).replace("workflow        String   @db.VarChar(255)", "workflow String") });
    expect(await init(project)).toMatchObject({ code: 1 });
    expect(await init(project, "--force")).toMatchObject({ code: 0 });
    expect(await project.read(MODEL_FILE)).toBe(linesOf(MODEL, STATE));
  });

  it("does not take the lack of any other index for a choice", async () => {
    const project = await createProject();
    await init(project);
    await project.write({ [MODEL_FILE]: linesOf(MODEL, "workflow_instances_status_index") });
    expect(await init(project)).toMatchObject({ code: 1, out: expect.stringContaining("differs from") as string });
  });

  it("takes the lines out of a model that is there, and leaves the rest of the file", async () => {
    const project = await projectOf(
      { "prisma.config.ts": CONFIG.replace('"prisma"', '"prisma/schema.prisma"'), "prisma/schema.prisma": SCHEMA },
      ["prisma", "@prisma", "hephaestus-prisma"],
    );
    await init(project);
    const text = await project.read("prisma/schema.prisma");
    const { url } = await deployed(project, undefined, "prisma/schema.prisma");
    const { code, out } = await init(project, "--without", "state-search", "--without", "update-times");
    expect({ code, first: out.split("\n")[0] }).toEqual({ code: 0, first: "edited prisma/schema.prisma" });
    expect(await project.read("prisma/schema.prisma")).toBe(linesOf(text, STATE, UPDATED, STATUS_UPDATED));
    expect((await deployed(project, url, "prisma/schema.prisma")).indexes).not.toContain(STATE);
  });

  it("takes the lines out of a model that differs otherwise too, and reports that", async () => {
    const project = await createProject();
    await init(project);
    const mine = MODEL.replace("@@map(", "@@index([insertedAt])\n  @@map(");
    await project.write({ [MODEL_FILE]: mine });
    const { code, out } = await init(project, "--without", "state-search");
    expect(code).toBe(1);
    expect(out).toContain(`edited ${MODEL_FILE}\n${MODEL_FILE} differs from this package's`);
    expect(await project.read(MODEL_FILE)).toBe(linesOf(mine, STATE));
    expect((await suffixes(project)).at(-1)).toBe(`hephaestus_drop_${STATE}`);
  });

  it("replaces a link by a copy, never edits the package, and makes no link that leaves lines out", async () => {
    const project = await createProject();
    await init(project, "--link");
    expect(await init(project, "--without", "state-search")).toMatchObject({ code: 0 });
    expect((await lstat(join(project.folder, MODEL_FILE))).isSymbolicLink()).toBe(false);
    expect(await project.read(MODEL_FILE)).toBe(linesOf(MODEL, STATE));
    expect(await readFile(join(ROOT, MODEL_FILE), "utf8")).toBe(MODEL);

    const linked = await createProject();
    const { code, err } = await init(linked, "--link", "--without", "state-search");
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("leave out --link") as string });
    expect(Object.keys(await linked.files())).toEqual(["prisma.config.ts", "prisma/schema.prisma"]);
  });

  it("drops an index again that the model has got back, and writes nothing in a dry run", async () => {
    const project = await createProject();
    await init(project, "--without", "state-search");
    await project.write({ [MODEL_FILE]: MODEL });
    const before = await project.files();
    expect((await init(project, "--without", "state-search", "--dry-run")).out).toContain(`would edit ${MODEL_FILE}\n`);
    expect(await project.files()).toEqual(before);
    await init(project, "--without", "state-search");
    expect((await suffixes(project)).slice(-2)).toEqual([`hephaestus_drop_${STATE}`, `hephaestus_drop_${STATE}`]);
  });

  it("rejects a name that it does not know, and writes nothing", async () => {
    const project = await createProject();
    const before = await project.files();
    const { code, err } = await init(project, "--without", "state-search,lean");
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringContaining('--without is invalid: expected a list of state-search, update-times, found "lean"') as string,
    });
    expect(await project.files()).toEqual(before);
  });
});
