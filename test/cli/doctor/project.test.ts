import { cp } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createEmptyDatabase, createMigratedDatabase, MIGRATIONS, query } from "../../migrate/empty-database.js";
import { createProject, NOTES, type Project, projectOf, ROOT, SCHEMA } from "../project.js";
import type { Finding } from "./diagnose.js";

/** A project without a model of its own, which a database without its table would lack. */
async function createBareProject(): Promise<Project> {
  const project = await createProject();
  await project.write({ "prisma/schema.prisma": SCHEMA.replace(/model Note[^}]*}/, "") });
  return project;
}

/** The findings that aren't well, without those on the installed Prisma. */
async function diagnose(project: Project, url: string): Promise<{ readonly code: number | null; readonly wrong: readonly Finding[] }> {
  const { code, out, err } = await project.run(["doctor", "--json"], url);
  expect(err).toBe("");
  return { code, wrong: (JSON.parse(out) as Finding[]).filter(({ ok, check }) => ok !== true && check !== "prisma") };
}

/** Carries out a fix line by line: commands in the project, SQL in the database. */
async function follow(project: Project, url: string, { fix }: Finding): Promise<void> {
  for (const line of (fix ?? "").split("\n")) {
    const [program = "", , ...args] = line.split(" ");
    if (program === "rm") await project.remove(args[0] ?? "");
    else if (program !== "npx") await query(url, line);
    else if (args[0] !== "doctor") expect(await project.run(args, url)).toMatchObject({ code: 0 }); // Prisma's commands too: it is the same engine
  }
}

/** Follows every fix, and examines again, until nothing is wrong. */
async function followAll(project: Project, url: string): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    const { wrong } = await diagnose(project, url);
    const problems = wrong.filter(({ ok }) => ok === false);
    for (const finding of new Map(problems.map((one) => [one.fix, one])).values()) await follow(project, url, finding);
  }
  expect(await diagnose(project, url)).toEqual({ code: 0, wrong: [] });
}

/** What Prisma's own commands find, which would drop the table or reset the database for a difference. */
async function expectNoDrift(project: Project, url: string): Promise<void> {
  const diff = ["migrate", "diff", "--from-config-datasource", "--to-schema", "prisma", "--exit-code"];
  expect(await project.prisma(diff, url)).toMatchObject({ code: 0 });
  expect(await project.prisma(["migrate", "status"], url)).toMatchObject({
    code: 0,
    output: expect.stringContaining("up to date") as string,
  });
}

describe("hephaestus-prisma doctor in a project", () => {
  it("leads one in which init has not run to a table that Prisma keeps, by init alone", async () => {
    const [project, url] = [await createProject(), await createEmptyDatabase()];
    await project.write({ "prisma/migrations/20260301000000_notes/migration.sql": NOTES });
    await project.run(["migrate", "deploy"], url);
    const { code, wrong } = await diagnose(project, url);
    expect(code).toBe(1);
    expect(wrong).toMatchObject([
      { check: "table", ok: false, fix: "npx hephaestus-prisma init\nnpx prisma migrate deploy" },
      { check: "model", ok: false, found: "none in prisma, so prisma migrate dev would drop the table", fix: "npx hephaestus-prisma init" },
      { check: "table option" },
      { check: "migrations", ok: false, found: "none of this package's in prisma/migrations", fix: wrong[0]?.fix },
    ]);
    await followAll(project, url);
    await expectNoDrift(project, url);
  });

  it("leads one whose database was migrated without it, by the package's own names, to a record by the names of the project", async () => {
    const [project, url] = [await createBareProject(), await createMigratedDatabase()];
    const { code, wrong } = await diagnose(project, url);
    expect({ code, wrong }).toMatchObject({
      code: 1,
      wrong: [
        { check: "model", fix: "npx hephaestus-prisma init" },
        { check: "migrations", fix: "npx hephaestus-prisma init\nnpx hephaestus-prisma doctor" },
      ],
    });
    expect(await project.run(["init"], url)).toMatchObject({ code: 0 });
    const names = await project.migrations();
    const [first = "", second = ""] = names;
    const { wrong: recorded } = await diagnose(project, url);
    expect(recorded.map(({ check, found }) => [check, found])).toEqual(
      names.map((name, index) => [`migration ${name}`, `applied as ${MIGRATIONS[index]}, so under this name it would run again, and fail`]),
    );
    expect(recorded[0]?.fix).toBe(
      `npx prisma migrate resolve --applied ${first}\nDELETE FROM public._prisma_migrations WHERE migration_name = '${MIGRATIONS[0]}';`,
    );
    // Also after somebody has deployed first: the record then has a failed migration.
    expect((await project.run(["migrate", "deploy"], url)).err).toContain("P3018");
    const { wrong: failed } = await diagnose(project, url);
    expect(failed.map(({ check }) => check)).toEqual([
      `migration ${first}`,
      `migration ${second}`,
      ...names.slice(2).map((name) => `migration ${name}`),
    ]);
    await followAll(project, url);
    await expectNoDrift(project, url);
  });

  it("reports a migration that is in the folder under two names, and leads out of its failure", async () => {
    const [project, url] = [await createBareProject(), await createEmptyDatabase()];
    expect(await project.run(["init"], url)).toMatchObject({ code: 0 });
    expect(await project.run(["migrate", "deploy"], url)).toMatchObject({ code: 0 });
    const own = await project.migrations();
    await cp(join(ROOT, "prisma/migrations"), join(project.folder, "prisma/migrations"), { recursive: true }); // an old recipe
    const { wrong } = await diagnose(project, url);
    expect(wrong).toMatchObject(
      MIGRATIONS.map((name, index) => ({
        check: `migration ${name}`,
        ok: false,
        found: `the same as ${own[index]}, so one of them fails`,
        fix: `rm -r prisma/migrations/${name}`,
      })),
    );
    expect((await project.run(["migrate", "deploy"], url)).err).toContain("P3018");
    const failed = await diagnose(project, url);
    expect(failed.code).toBe(1);
    expect(failed.wrong[0]?.fix).toBe(
      `rm -r prisma/migrations/${MIGRATIONS[0]}\nnpx prisma migrate resolve --rolled-back ${MIGRATIONS[0]}`,
    );
    await followAll(project, url);
    expect(await project.migrations()).toEqual(own);
    await expectNoDrift(project, url);
  });

  it("reports a failed migration beside one of the package's that is recorded as applied under another name", async () => {
    const [project, url] = [await createProject(), await createEmptyDatabase()];
    expect(await project.run(["init"], url)).toMatchObject({ code: 0 });
    expect(await project.run(["migrate", "deploy"], url)).toMatchObject({ code: 0 });
    await query(
      url,
      "INSERT INTO _prisma_migrations (id, checksum, migration_name, applied_steps_count) VALUES ('1', 'x', '20260101000000_baseline', 0)",
    );
    const { code, wrong } = await diagnose(project, url);
    expect({ code, wrong }).toMatchObject({ code: 1, wrong: [{ check: "migration 20260101000000_baseline", ok: false }] });
    expect(wrong[0]?.fix).toContain("npx prisma migrate resolve --rolled-back 20260101000000_baseline");
  });

  it("leaves the package's migrations to a model of another table", async () => {
    const model = 'model Run {\n  id String @id\n\n  @@map("invoice_runs")\n}\n';
    const [project, url] = [await createProject(), await createMigratedDatabase()];
    await project.write({ "prisma/runs.prisma": model, "prisma/migrations/20260301000000_notes/migration.sql": NOTES });
    await query(url, "CREATE TABLE invoice_runs (LIKE workflow_instances INCLUDING ALL)");
    const { out } = await project.run(["doctor", "--table", "invoice_runs", "--json"], url);
    const checks = (JSON.parse(out) as Finding[]).map(({ check }) => check);
    expect(checks.filter((check) => /^migration|^view/.test(check))).toEqual([]);
  });
});

describe("hephaestus-prisma doctor in a project without Prisma", () => {
  it("accepts a table that another tool has created by the SQL files", async () => {
    const [project, url] = [await projectOf({}, ["pg"]), await createEmptyDatabase()];
    for (const name of MIGRATIONS) {
      const folder = join(ROOT, "prisma/migrations", name);
      await cp(folder, join(project.folder, "sql", name), { recursive: true });
      await query(url, await project.read(`sql/${name}/migration.sql`));
    }
    const { code, wrong } = await diagnose(project, url);
    expect({ code, wrong }).toEqual({
      code: 0,
      wrong: [
        {
          check: "migrations",
          ok: "note",
          found: "Prisma has recorded none, and what they create is there",
          expected: "a record, unless the SQL files were run by another tool",
          fix: null,
        },
      ],
    });
  });

  it("names no command of Prisma's", async () => {
    const [project, url] = [await projectOf({}, ["pg"]), await createEmptyDatabase()];
    const nowhere = Object.assign(new URL(url), { pathname: "/nowhere_at_all" }).href;
    const commands = [["doctor"], ["list"], ["show", "x"], ["migrate", "status"]].flatMap((args) =>
      [url, nowhere].map((at) => [args, at] as const),
    );
    for (const [args, at] of commands) {
      const { out, err } = await project.run(args, at);
      expect(out + err).toContain("npx hephaestus-prisma");
      expect(out + err).not.toMatch(/npx prisma\b/);
    }
    const { wrong } = await diagnose(project, url);
    for (const finding of wrong.filter(({ ok }) => ok === false).slice(0, 1)) await follow(project, url, finding);
    expect(await diagnose(project, url)).toMatchObject({ code: 0 });
  });
});
