import { describe, expect, it } from "vitest";
import { createMigratedDatabase, query } from "../../migrate/empty-database.js";
import { deploy, describeTable, diagnose, fixAll, TABLE } from "./diagnose.js";

const OVERVIEW = "20260101000003_overview";

describe("hephaestus-prisma doctor on columns, CHECKs and views", () => {
  it("names columns of other types, without their defaults, nullable or missing", async () => {
    const url = await createMigratedDatabase();
    const before = await describeTable(url);
    await query(
      url,
      `DROP VIEW IF EXISTS workflow_instance_overview;
       ALTER TABLE workflow_instances ALTER updated_at TYPE timestamptz(3) USING updated_at AT TIME ZONE 'UTC', ALTER updated_at DROP NOT NULL,
         ALTER inserted_at TYPE timestamp(0), ALTER id SET DEFAULT gen_random_uuid(), ALTER status DROP DEFAULT, DROP COLUMN state CASCADE;
       CREATE VIEW times AS SELECT id, updated_at FROM workflow_instances`,
    );
    const { code, findings, wrong } = await diagnose(url);
    const columns = wrong.filter(({ check }) => check.startsWith("column "));
    expect({ code, columns }).toMatchObject({
      code: 1,
      columns: [
        {
          check: "column status",
          found: "character varying(255) NOT NULL",
          expected: "character varying(255) NOT NULL DEFAULT 'pending'::character varying",
        },
        { check: "column state", found: "none", fix: `ALTER TABLE ${TABLE} ADD COLUMN state jsonb NOT NULL DEFAULT '{}'::jsonb;` },
        { check: "column inserted_at", fix: `ALTER TABLE ${TABLE}\n  ALTER COLUMN inserted_at TYPE timestamp(3) without time zone;` },
        {
          check: "column updated_at",
          found: "timestamp(3) with time zone DEFAULT timezone('UTC'::text, now())",
          fix: expect.stringMatching(
            new RegExp(
              [
                "^DROP VIEW public.times;",
                `ALTER TABLE ${TABLE}`,
                "  ALTER COLUMN updated_at TYPE timestamp.3. without time zone USING updated_at AT TIME ZONE 'UTC',",
                "  ALTER COLUMN updated_at SET NOT NULL;",
                `CREATE VIEW public.times AS\\n SELECT [^;]+ FROM ${TABLE};$`,
              ].join("\n"),
            ),
          ) as string,
        },
      ],
    });
    expect(columns.every(({ ok }) => ok === false)).toBe(true);
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: "rows",
        ok: false,
        found: 'column "state" does not exist',
        fix: "fix what it says, and run this again",
      }),
    );
    await fixAll(url, columns);
    await fixAll(url, (await diagnose(url)).wrong); // the index that has gone with the column
    await query(url, "ALTER TABLE workflow_instances ALTER id DROP DEFAULT");
    expect(await describeTable(url)).toEqual(before);
    expect(await query(url, "SELECT * FROM times")).toEqual([]);
  });

  it("names CHECKs that are dropped or not validated", async () => {
    const url = await createMigratedDatabase();
    await query(
      url,
      `ALTER TABLE workflow_instances DROP CONSTRAINT workflow_instances_status_check, DROP CONSTRAINT workflow_instances_workflow_version_check,
         ADD CONSTRAINT workflow_instances_workflow_version_check CHECK (workflow_version > 0) NOT VALID`,
    );
    const { code, wrong } = await diagnose(url);
    const statuses = "status IN ('pending', 'running', 'waiting', 'completed', 'failed')";
    expect({ code, wrong }).toEqual({
      code: 1,
      wrong: [
        {
          check: "constraint workflow_instances_status_check",
          ok: false,
          found: "none",
          expected: `CHECK (${statuses}), validated`,
          fix:
            `ALTER TABLE ${TABLE} ADD CONSTRAINT workflow_instances_status_check CHECK (${statuses}) NOT VALID;\n` +
            `ALTER TABLE ${TABLE} VALIDATE CONSTRAINT workflow_instances_status_check;`,
        },
        {
          check: "constraint workflow_instances_workflow_version_check",
          ok: false,
          found: "NOT VALID: earlier rows have not been checked",
          expected: "CHECK (workflow_version > 0), validated",
          fix: `ALTER TABLE ${TABLE} VALIDATE CONSTRAINT workflow_instances_workflow_version_check;`,
        },
      ],
    });
    await fixAll(url, wrong);
    expect(await diagnose(url)).toMatchObject({ code: 0, wrong: [] });
  });

  it("names a view that somebody has dropped", async () => {
    const url = await createMigratedDatabase();
    await query(url, "DROP VIEW workflow_instance_overview");
    const { code, wrong } = await diagnose(url);
    const script = `node_modules/hephaestus-prisma/prisma/migrations/${OVERVIEW}/migration.sql`;
    expect({ code, wrong }).toMatchObject({
      code: 1,
      wrong: [{ check: "view workflow_instance_overview", ok: false, found: "none", expected: `the one of ${OVERVIEW}` }],
    });
    expect(wrong[0]?.fix).toMatch(new RegExp(`^npx prisma db execute --file (${script}|prisma/migrations/${OVERVIEW}/migration.sql)$`));
    await query(url, `DELETE FROM _prisma_migrations WHERE migration_name = '${OVERVIEW}'`);
    expect((await diagnose(url)).wrong).toContainEqual({
      check: "view workflow_instance_overview",
      ok: "note",
      found: "none",
      expected: `the one of ${OVERVIEW}`,
      fix: `it comes with ${OVERVIEW}, which is pending: npx prisma migrate deploy`,
    });
    await deploy(url);
    expect(await diagnose(url)).toMatchObject({ code: 0, wrong: [] });
  });
});
