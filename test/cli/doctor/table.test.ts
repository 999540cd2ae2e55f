import { PrismaPg } from "@prisma/adapter-pg";
import { deployMigrations } from "hephaestus-prisma/migrate";
import { describe, expect, it } from "vitest";
import { createEmptyDatabase, createMigratedDatabase, query } from "../../migrate/empty-database.js";
import { createProjectWith } from "../project.js";
import { createPartitioned, diagnose, type Finding, fixAll, indexesOf, TABLE } from "./diagnose.js";

/** Beside a finding that says why the table isn't there. */
function optionNote(table: string): Finding {
  const found = `{ table: "${table}" }, and there is no such table`;
  return { check: "table option", ok: "note", found, expected: "that it is there", fix: null };
}

describe("hephaestus-prisma doctor on the table", () => {
  it("compares the comment that HephaestusEcto reads, and leaves a newer one", async () => {
    const url = await createMigratedDatabase();
    const reported = async (comment: string): Promise<unknown> => {
      await query(url, `COMMENT ON TABLE workflow_instances IS ${comment}`);
      const { code, wrong } = await diagnose(url);
      expect(wrong).toMatchObject([{ check: "table comment, the version that HephaestusEcto reads", expected: '"3"' }]);
      return [code, wrong[0]?.ok, wrong[0]?.found, wrong[0]?.fix];
    };
    expect(await reported("NULL")).toEqual([1, false, "none", `COMMENT ON TABLE ${TABLE} IS '3';`]);
    expect(await reported("'jobs'")).toEqual([1, false, '"jobs"', `COMMENT ON TABLE ${TABLE} IS '3';`]);
    expect(await reported("'2'")).toEqual([1, false, '"2"', "mix ecto.migrate, with the migrations of HephaestusEcto"]);
    expect(await reported("'4'")).toEqual([0, "note", '"4"', "npm install hephaestus-prisma@latest"]);
  });

  it("says how to create the table, also when only the record of it is left", async () => {
    const empty = await createEmptyDatabase();
    const { code, wrong } = await diagnose(empty);
    const expected = '"workflow_instances" in the schema "public"';
    expect({ code, table: wrong[0], option: wrong[1], rest: wrong.slice(2).map(({ found, fix }) => [found, fix]) }).toEqual({
      code: 1,
      option: optionNote("public.workflow_instances"),
      table: { check: "table", ok: false, found: "no table like it in this database", expected, fix: "npx prisma migrate deploy" },
      rest: wrong.slice(2).map(() => ["pending", "npx prisma migrate deploy"]),
    });
    await fixAll(empty, wrong.slice(0, 1));
    expect(await diagnose(empty)).toMatchObject({ code: 0, wrong: [] });

    await query(empty, "DROP TABLE workflow_instances CASCADE");
    const [dropped] = (await diagnose(empty)).wrong;
    expect(dropped?.fix).toMatch(
      /^restore it from a backup, or create it again, empty:\nDELETE FROM public\._prisma_migrations WHERE migration_name IN \('20260101000000_baseline', .*\);\nnpx prisma migrate deploy$/,
    );
    await fixAll(
      empty,
      [...(dropped?.fix?.split("\n").slice(1) ?? [])].map((command) => ({ ...dropped, fix: command }) as Finding),
    );
    expect(await diagnose(empty)).toMatchObject({ code: 0, wrong: [] });
  });

  it("finds the table in another schema or under another name", async () => {
    const url = await createEmptyDatabase();
    await deployMigrations(new PrismaPg({ connectionString: url }, { schema: "work flows" }));
    expect(await diagnose(url)).toMatchObject({
      code: 1,
      wrong: [
        {
          check: "table",
          ok: false,
          found: 'not there, but "workflow_instances" in the schema "work flows"',
          expected: '"workflow_instances" in the schema "public"',
          fix:
            "in DATABASE_URL or --url: ?schema=work%20flows\n" +
            'in your code: new PrismaPg({ connectionString }, { schema: "work flows" })',
        },
        optionNote("public.workflow_instances"),
      ],
    });
    const there = `${url}?schema=work%20flows`;
    expect((await diagnose(there, ["--table", "jobs"])).wrong).toMatchObject([
      { check: "table", fix: "npx hephaestus-prisma doctor" },
      { check: "table option", ok: false, fix: "npx hephaestus-prisma doctor" },
    ]);
    expect(await diagnose(there)).toMatchObject({ code: 0, wrong: [] });
    await query(url, `DROP INDEX "work flows".workflow_instances_status_index; ALTER TABLE "work flows".workflow_instances RENAME TO jobs`);
    expect(await diagnose(there)).toMatchObject({
      wrong: [
        { check: "table", fix: "npx hephaestus-prisma doctor --table jobs" },
        { check: "table option", ok: "note" },
      ],
    });
    const cwd = (await createProjectWith('@@map("jobs")')).folder;
    const { code, wrong } = await diagnose(there, ["--table", "jobs"], { cwd });
    expect({ code, wrong }).toMatchObject({
      code: 1,
      wrong: [{ fix: 'CREATE INDEX CONCURRENTLY workflow_instances_status_index ON "work flows".jobs USING btree (status);' }],
    });
    await fixAll(url, wrong);
    expect(await diagnose(there, ["--table", "jobs"], { cwd })).toMatchObject({ code: 0, wrong: [] });
  });

  it("knows a partitioned table, and gives SQL that works on one", async () => {
    const url = await createPartitioned();
    const { code, findings, wrong } = await diagnose(url);
    expect({ code, wrong }).toEqual({ code: 0, wrong: [] });
    const table = `${TABLE}, partitioned by HASH (id) into 2 tables`;
    expect(findings).toContainEqual({ check: "table", ok: true, found: table, expected: table, fix: null });

    const indexes = await indexesOf(url);
    await query(
      url,
      `${indexes
        .slice(1)
        .map((name) => `DROP INDEX ${name};`)
        .join("\n")}
       DROP INDEX ${indexes[0]}; CREATE INDEX ${indexes[0]} ON ONLY workflow_instances USING gin (state jsonb_path_ops);
       ALTER TABLE workflow_instances DROP CONSTRAINT workflow_instances_status_check`,
    );
    const broken = await diagnose(url);
    expect(broken.code).toBe(1);
    expect(broken.wrong).toHaveLength(indexes.length + 1);
    await fixAll(url, broken.wrong);
    expect(await diagnose(url)).toMatchObject({ code: 0, wrong: [] });
  });

  it("rejects a partition as the table, and doesn't take one for a table in another place", async () => {
    const url = await createPartitioned();
    const { code, wrong } = await diagnose(url, ["--table", "workflow_instances_0"]);
    expect(code).toBe(1);
    expect(wrong).toContainEqual({
      check: "table",
      ok: false,
      found: 'public.workflow_instances_0, a partition of "workflow_instances" in the schema "public"',
      expected: "the whole table",
      fix: "npx hephaestus-prisma doctor",
    });
    expect((await diagnose(url, ["--table", "jobs"])).wrong).toMatchObject([
      { check: "table", found: 'not there, but "workflow_instances" in the schema "public"', fix: "npx hephaestus-prisma doctor" },
      { check: "table option", ok: false, fix: "npx hephaestus-prisma doctor" },
    ]);
  });
});
