import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createEmptyDatabase, query } from "../migrate/empty-database.js";
import { type Diagnosis, type Finding } from "./doctor/diagnose.js";
import { createProject, type Project, ROOT } from "./project.js";

const MODEL = await readFile(join(ROOT, "prisma/workflow-instance.prisma"), "utf8");
const MODEL_FILE = "prisma/workflow-instance.prisma";
const STATE = "idx_workflow_instances_state";
const STATUS = "workflow_instances_status_index";

/** A project whose database has all its migrations. */
async function deployed(...args: string[]): Promise<{ readonly project: Project; readonly url: string }> {
  const [project, url] = [await createProject(), await createEmptyDatabase()];
  expect(await project.run(["init", ...args])).toMatchObject({ code: 0 });
  expect(await project.run(["migrate", "deploy"], url)).toMatchObject({ code: 0 });
  return { project, url };
}

async function diagnose(project: Project, url: string): Promise<Pick<Diagnosis, "code" | "wrong">> {
  const { code, out } = await project.run(["doctor", "--json"], url);
  return { code, wrong: (JSON.parse(out) as Finding[]).filter(({ ok }) => ok !== true) };
}

describe("hephaestus-prisma doctor on indexes that a project does without", () => {
  it("takes what the user's own model leaves out as a choice, and names the calls that then read the whole table", async () => {
    const { project, url } = await deployed("--without", "state-search,update-times");
    const { code, wrong } = await diagnose(project, url);
    expect(code).toBe(0);
    expect(wrong.map(({ check, ok, found }) => ({ check, ok, found }))).toEqual(
      [STATE, "workflow_instances_updated_at_id_index", "workflow_instances_status_updated_at_id_index"].map((name) => ({
        check: `index ${name}`,
        ok: "note",
        found: "none, as in your model",
      })),
    );
    expect(wrong[0]?.fix).toBe(
      "nothing, if you chose so: without it, these may read the whole table: the filters stateContains and contextContains. " +
        `To have it, add its @@index to your model, and:\nCREATE INDEX CONCURRENTLY ${STATE} ON public.workflow_instances USING gin (state jsonb_path_ops);`,
    );
    expect(wrong[1]?.fix).toContain("list in its default order, the filters updatedBefore and updatedAfter, and prune by them");
  });

  it("reports an index that the model has and the database lacks", async () => {
    const { project, url } = await deployed();
    await query(url, `DROP INDEX ${STATE}`);
    expect(await diagnose(project, url)).toMatchObject({ code: 1, wrong: [{ check: `index ${STATE}`, ok: false, found: "none" }] });
  });

  it("takes any index as a choice, whatever the other lines of the model are called", async () => {
    const { project, url } = await deployed();
    await query(url, `DROP INDEX ${STATUS}; ALTER INDEX ${STATE} RENAME TO mine`);
    const lines = MODEL.replace(`"${STATE}"`, `"mine"`).split("\n");
    await project.write({ [MODEL_FILE]: lines.filter((line) => !line.includes(`"${STATUS}"`)).join("\n") });
    expect(await diagnose(project, url)).toMatchObject({ code: 0, wrong: [{ check: `index ${STATUS}`, ok: "note" }] });

    await query(url, "DROP INDEX mine");
    expect(await diagnose(project, url)).toMatchObject({
      code: 1,
      wrong: [{ check: `index ${STATUS}` }, { check: `index ${STATE}`, ok: false }],
    });
  });
});
