import { chmod, lstat, mkdir, readFile, rename, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CONFIG, createProject, type Project, projectOf, ROOT, SCHEMA } from "./project.js";

const MODEL = await readFile(join(ROOT, "prisma/workflow-instance.prisma"), "utf8");
const SINGLE = { "prisma.config.ts": CONFIG.replace(`"prisma",`, `"prisma/schema.prisma",`), "prisma/schema.prisma": SCHEMA };

const modeOf = async (project: Project, path: string): Promise<number> => (await stat(join(project.folder, path))).mode & 0o777;

describe("hephaestus-prisma init and the files that it changes", () => {
  it("keeps the mode of a schema, and a link to it", async () => {
    const project = await projectOf(SINGLE, ["prisma", "@prisma"]);
    await mkdir(join(project.folder, "shared"));
    await rename(join(project.folder, "prisma/schema.prisma"), join(project.folder, "shared/main.prisma"));
    await chmod(join(project.folder, "shared/main.prisma"), 0o640);
    await symlink("../shared/main.prisma", join(project.folder, "prisma/schema.prisma"));

    expect(await project.run(["init"])).toMatchObject({ code: 0, err: "" });
    expect((await lstat(join(project.folder, "prisma/schema.prisma"))).isSymbolicLink()).toBe(true);
    expect(await project.read("shared/main.prisma")).toBe(`${SCHEMA}\n${MODEL}`);
    expect(await modeOf(project, "shared/main.prisma")).toBe(0o640);

    expect(await project.run(["init", "--without", "state-search"])).toMatchObject({ code: 0 });
    expect((await lstat(join(project.folder, "prisma/schema.prisma"))).isSymbolicLink()).toBe(true);
    expect(await project.read("shared/main.prisma")).not.toContain("idx_workflow_instances_state");
    expect(await modeOf(project, "shared/main.prisma")).toBe(0o640);
  });

  it("replaces the file that a link of the project's own leads to", async () => {
    const project = await createProject();
    await project.write({ "shared/flows.prisma": "// mine\n" });
    await symlink("../shared/flows.prisma", join(project.folder, "prisma/workflow-instance.prisma"));
    expect(await project.run(["init", "--force"])).toMatchObject({ code: 0 });
    expect((await lstat(join(project.folder, "prisma/workflow-instance.prisma"))).isSymbolicLink()).toBe(true);
    expect(await project.read("shared/flows.prisma")).toBe(MODEL);
  });

  it.each([
    ["a schema of one file", SINGLE, []],
    ["a schema folder", { "prisma.config.ts": CONFIG, "prisma/schema.prisma": SCHEMA }, []],
    [
      "a model that it would replace by a link",
      { "prisma.config.ts": CONFIG, "prisma/schema.prisma": SCHEMA, "prisma/workflow-instance.prisma": "// mine\n" },
      ["--force", "--link"],
    ],
  ])("undoes what it has done to %s if a later step fails", async (_, files, args) => {
    const project = await projectOf({ ...files, "prisma/migrations": "a file, where a folder has to be" }, [
      "prisma",
      "@prisma",
      "hephaestus-prisma",
    ]);
    const before = await project.files();
    const { code, out, err } = await project.run(["init", ...args]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^hephaestus-prisma: E\w+: .*prisma\/migrations/);
    expect(await project.files()).toEqual(before);
  });
});
