import { readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { BASELINE, createEmptyDatabase, createMigratedDatabase, EXTRAS, LISTINGS, query } from "../../migrate/empty-database.js";
import { copyProject } from "../../migrate/prisma-cli.js";
import { deploy, diagnose, fix, fixAll, migrationsFolder, ofEcto } from "./diagnose.js";

describe("hephaestus-prisma doctor on migrations", () => {
  it("leads a database of HephaestusEcto through its migrations", async () => {
    const url = await ofEcto();
    const { code, wrong, findings } = await diagnose(url);
    expect(code).toBe(1);
    expect(wrong.filter(({ ok }) => ok === false)).toEqual([
      {
        check: `migration ${BASELINE}`,
        ok: false,
        found: "not recorded, though what it creates is there",
        expected: "applied",
        fix: `npx prisma migrate resolve --applied ${BASELINE}`,
      },
      ...(await readdir("prisma/migrations"))
        .filter((name) => /^\d/.test(name) && name !== BASELINE)
        .map((name) => ({
          check: `migration ${name}`,
          ok: false,
          found: "pending",
          expected: "applied",
          fix: "npx prisma migrate deploy",
        })),
    ]);
    expect(wrong).toContainEqual({
      check: "column updated_at",
      ok: "note",
      found: "timestamp(0) without time zone NOT NULL",
      expected: "timestamp(3) without time zone NOT NULL DEFAULT timezone('UTC'::text, now())",
      fix: `it comes with ${EXTRAS}, which is pending: npx prisma migrate deploy`,
    });
    expect(wrong).toContainEqual({
      check: "index workflow_instances_updated_at_id_index",
      ok: "note",
      found: "none",
      expected: "btree (updated_at, id)",
      fix: `it comes with ${LISTINGS}, which is pending: npx prisma migrate deploy`,
    });
    expect(findings).toContainEqual(expect.objectContaining({ check: "rows", ok: true, found: "read 13 rows" }));
    await fixAll(
      url,
      wrong.filter(({ ok }) => ok === false),
    );
    expect(await diagnose(url)).toMatchObject({ code: 0, wrong: [] });
  });

  it("leads out of a migration that failed", async () => {
    const url = await createEmptyDatabase();
    await deploy(url, await migrationsFolder([BASELINE]));
    await query(url, "INSERT INTO workflow_instances VALUES ('odd', 'W', 'done', '{}', now(), now(), 1)");
    await expect(deploy(url)).rejects.toMatchObject({ prismaCode: "P3018" });
    const { code, wrong } = await diagnose(url);
    expect(code).toBe(1);
    expect(wrong).toContainEqual(expect.objectContaining({ check: "status of all rows", found: "invalid in 1 row" }));
    const failed = wrong.find(({ check }) => check === `migration ${EXTRAS}`);
    expect(failed).toEqual({
      check: `migration ${EXTRAS}`,
      ok: false,
      found: "it began and did not finish",
      expected: "applied",
      fix: `npx prisma migrate resolve --rolled-back ${EXTRAS}\nnpx prisma migrate deploy`,
    });
    await query(url, "DELETE FROM workflow_instances WHERE id = 'odd'");
    if (failed) await fix(url, failed);
    expect(await diagnose(url)).toMatchObject({ code: 0, wrong: [] });
  });

  it("leads out of a baseline that failed because HephaestusEcto's table was there", async () => {
    const url = await createEmptyDatabase();
    await deploy(url, await migrationsFolder([], { "20250101000000_users": "CREATE TABLE users (id int);" }));
    await query(url, await readFile(new URL("../../fixtures/ecto-schema.sql", import.meta.url), "utf8"));
    await expect(deploy(url)).rejects.toThrow("already exists");
    const { code, wrong } = await diagnose(url);
    const failed = wrong.find(({ check }) => check === `migration ${BASELINE}`);
    expect({ code, failed }).toMatchObject({
      code: 1,
      failed: { ok: false, found: "it began and did not finish", fix: `npx prisma migrate resolve --applied ${BASELINE}` },
    });
    if (failed) await fix(url, failed);
    await deploy(url);
    expect(await diagnose(url)).toMatchObject({ code: 0, wrong: [] });
  });

  it("reports another migration that failed, since none is applied after it", async () => {
    const url = await createMigratedDatabase();
    await query(
      url,
      "INSERT INTO _prisma_migrations (id, checksum, migration_name, applied_steps_count) VALUES ('1', 'x', '20260102000000_broken', 0)",
    );
    expect(await diagnose(url)).toMatchObject({
      code: 1,
      wrong: [
        {
          check: "migration 20260102000000_broken",
          ok: false,
          found: "it began and did not finish, so Prisma applies no other",
          expected: "applied",
          fix: "correct it, then:\nnpx prisma migrate resolve --rolled-back 20260102000000_broken\nnpx prisma migrate deploy",
        },
      ],
    });
  });

  it("knows the migrations under a project's own times and names, and has init add one that it lacks", async () => {
    const project = await copyProject();
    const folder = join(project, "prisma/migrations");
    await rename(join(folder, BASELINE), join(folder, "20250101000000_workflows")); // by its script
    await rename(join(folder, EXTRAS), join(folder, "20250101000001_hephaestus_extras")); // by its name
    await rm(join(folder, LISTINGS), { recursive: true });
    const script = join(folder, "20250101000001_hephaestus_extras/migration.sql");
    await writeFile(script, `${await readFile(script, "utf8")}-- and mine`);
    const url = await createEmptyDatabase();
    await deploy(url, folder);
    const { code, wrong, findings } = await diagnose(url, [], { cwd: project });
    expect(code).toBe(1);
    for (const name of ["20250101000000_workflows", "20250101000001_hephaestus_extras"])
      expect(findings).toContainEqual({ check: `migration ${name}`, ok: true, found: "applied", expected: "applied", fix: null });
    expect(wrong).toContainEqual({
      check: `migration ${LISTINGS}`,
      ok: false,
      found: "pending",
      expected: "applied",
      fix: "npx hephaestus-prisma init\nnpx hephaestus-prisma migrate deploy",
    });
  });

  it("finds a project's migrations through its Prisma config", async () => {
    const project = await copyProject();
    await symlink(resolve("node_modules"), join(project, "node_modules")); // Prisma loads the config
    await rename(join(project, "prisma/migrations"), join(project, "steps"));
    await rm(join(project, "steps", LISTINGS), { recursive: true });
    await writeFile(join(project, "prisma.config.ts"), 'export default { schema: "prisma", migrations: { path: "steps" } };');
    const url = await createEmptyDatabase();
    await deploy(url, join(project, "steps"));
    await query(url, "DROP VIEW workflow_instance_overview");
    const { findings } = await diagnose(url, [], { cwd: project });
    const fixOf = (check: string): unknown => findings.find((finding) => finding.check === check)?.fix;
    expect(fixOf(`migration ${LISTINGS}`)).toBe("npx hephaestus-prisma init\nnpx prisma migrate deploy");
    expect(fixOf("view workflow_instance_overview")).toBe("npx prisma db execute --file steps/20260101000003_overview/migration.sql");
  });

  it("takes the config, the schema and the migrations of a project elsewhere", async () => {
    const project = await copyProject();
    await symlink(resolve("node_modules"), join(project, "node_modules"));
    await rename(join(project, "prisma/migrations"), join(project, "steps"));
    await rm(join(project, "steps", LISTINGS), { recursive: true });
    const config = join(project, "prisma.config.ts");
    await writeFile(config, 'export default { schema: "prisma", migrations: { path: "steps" } };');
    const url = await createEmptyDatabase();
    await deploy(url, join(project, "steps"));
    const named = [
      ["--config", config],
      ["--schema", join(project, "prisma"), "--migrations", join(project, "steps")],
    ];
    for (const args of named) {
      const { findings } = await diagnose(url, args);
      const pending = findings.find(({ check }) => check === `migration ${LISTINGS}`);
      expect(pending?.fix).toBe("npx hephaestus-prisma init\nnpx prisma migrate deploy");
    }
  });
});
