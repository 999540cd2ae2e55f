import { expect, it } from "vitest";
import { codeOf } from "../../tools/snippets.js";
import { createProject, NOTES } from "../cli/project.js";
import { createEmptyDatabase, recorded } from "../migrate/empty-database.js";

const recipe = codeOf("docs/operations.md", "sh").find((code) => code.startsWith("npm install hephaestus-prisma@latest"));

it("brings a project that an older version has set up to the migrations of this one, by the recipe for upgrades", async () => {
  const [project, url] = [await createProject(), await createEmptyDatabase()];
  expect(await project.run(["init"], url)).toMatchObject({ code: 0 });
  const older = await project.migrations();
  const newest = older.pop() ?? "";
  await project.remove(`prisma/migrations/${newest}`);
  await project.write({ "prisma/migrations/20260301000000_notes/migration.sql": NOTES });
  expect(await project.prisma(["migrate", "deploy"], url)).toMatchObject({ code: 0 });

  const commands = recipe?.trim().split("\n").slice(1) ?? [];
  expect(commands).toHaveLength(3);
  for (const command of commands) {
    const [, program, ...args] = command.split(" ");
    if (program === "prisma") expect(await project.prisma(args, url)).toMatchObject({ code: 0 });
    else expect(await project.run(args, url)).toMatchObject({ code: 0, err: "" });
  }
  const names = (await recorded(url)).map(({ name }) => String(name));
  expect(names.toSorted()).toEqual(await project.migrations());
  expect(names.at(-1)).toMatch(/^\d{14}_hephaestus_overview$/);
  expect(await project.run(["doctor"], url)).toMatchObject({ code: 0, out: expect.stringMatching(/\nall is well\n$/) as string });
});
