import { createInstance } from "hephaestus-prisma";
import { createPgStorage } from "hephaestus-prisma/pg";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { createMigratedDatabase, createRole, query } from "../../migrate/empty-database.js";
import { createPartitioned, diagnose, fixAll, TABLE } from "./diagnose.js";

/** Stores one instance, as an application would. */
async function put(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url });
  onTestFinished(() => pool.end());
  await createPgStorage(pool).put(createInstance({ id: "one", workflow: "W" }));
}

describe("hephaestus-prisma doctor on what makes writes fail or vanish", () => {
  it("reports a column without a default that no instance fills, and no other additional column", async () => {
    const url = await createMigratedDatabase();
    await query(
      url,
      `ALTER TABLE ${TABLE} ADD "Tenant's" int NOT NULL, ADD note text, ADD region text NOT NULL DEFAULT 'eu',
       ADD n int GENERATED ALWAYS AS IDENTITY, ADD family text NOT NULL GENERATED ALWAYS AS (workflow || '') STORED`,
    );
    await expect(put(url)).rejects.toMatchObject({ code: "23502" });
    const { code, wrong } = await diagnose(url);
    expect({ code, wrong }).toEqual({
      code: 1,
      wrong: [
        {
          check: "column Tenant's",
          ok: false,
          found: "integer NOT NULL without a default, so every insert of an instance fails",
          expected: "a default, or NULL",
          fix: `ALTER TABLE ${TABLE} ALTER COLUMN "Tenant's" DROP NOT NULL;`,
        },
      ],
    });
    await fixAll(url, wrong);
    await put(url);
    expect(await diagnose(url)).toMatchObject({ code: 0, wrong: [] });
  });

  it("reports an unlogged table, and of a partitioned one the unlogged partitions", async () => {
    const url = await createMigratedDatabase();
    await query(url, `ALTER TABLE ${TABLE} SET UNLOGGED`);
    const { code, wrong } = await diagnose(url);
    expect({ code, wrong }).toMatchObject({
      code: 1,
      wrong: [{ check: `persistence of ${TABLE}`, ok: false, fix: `ALTER TABLE ${TABLE} SET LOGGED;` }],
    });
    await fixAll(url, wrong);
    expect(await diagnose(url)).toMatchObject({ code: 0, wrong: [] });

    const partitioned = await createPartitioned();
    await query(partitioned, "ALTER TABLE workflow_instances_1 SET UNLOGGED");
    const parts = await diagnose(partitioned);
    expect(parts.wrong).toMatchObject([{ check: `persistence of ${TABLE}_1`, ok: false }]);
    await fixAll(partitioned, parts.wrong);
    expect(await diagnose(partitioned)).toMatchObject({ code: 0, wrong: [] });
  });

  it("notes triggers that see a row before it is written, and reports rules", async () => {
    const url = await createMigratedDatabase();
    await query(
      url,
      `CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
       CREATE TRIGGER "Stamp" BEFORE INSERT OR UPDATE ON workflow_instances FOR EACH ROW EXECUTE FUNCTION stamp();
       CREATE TRIGGER later AFTER INSERT ON workflow_instances FOR EACH ROW EXECUTE FUNCTION stamp();
       CREATE TRIGGER off BEFORE DELETE ON workflow_instances FOR EACH ROW EXECUTE FUNCTION stamp();
       ALTER TABLE workflow_instances DISABLE TRIGGER off`,
    );
    await expect(put(url)).rejects.toMatchObject({ code: "NOT_STORED" });
    const noted = await diagnose(url);
    expect(noted).toMatchObject({
      code: 0,
      wrong: [{ check: 'trigger "Stamp"', ok: "note", found: "public.stamp() before INSERT, UPDATE" }],
    });
    expect(noted.wrong[0]?.fix).toContain(`DROP TRIGGER "Stamp" ON ${TABLE};`);

    await query(
      url,
      `DROP TRIGGER "Stamp" ON workflow_instances;
       CREATE RULE audit AS ON UPDATE TO workflow_instances DO ALSO NOTHING;
       CREATE RULE keep AS ON DELETE TO workflow_instances DO INSTEAD NOTHING`,
    );
    await expect(put(url)).rejects.toMatchObject({ code: "0A000" });
    const { code, wrong } = await diagnose(url);
    expect({ code, wrong }).toMatchObject({
      code: 1,
      wrong: [
        { check: "rule audit", ok: false, found: "UPDATE: every put fails" },
        { check: "rule keep", ok: false, found: "DELETE INSTEAD: a delete fails or deletes nothing" },
      ],
    });
    await fixAll(url, wrong);
    await put(url);
    expect(await diagnose(url)).toMatchObject({ code: 0, wrong: [] });
  });

  it("reports row-level security that has no policy for the role, and notes a policy that hides rows from it", async () => {
    const url = await createMigratedDatabase();
    const app = await createRole(url);
    await query(
      url,
      `GRANT SELECT, INSERT, UPDATE, DELETE ON workflow_instances TO ${app.role};
       ALTER TABLE workflow_instances ENABLE ROW LEVEL SECURITY;
       CREATE POLICY reads ON workflow_instances FOR SELECT TO ${app.role} USING (true);
       CREATE POLICY others ON workflow_instances FOR ALL TO pg_monitor USING (true)`,
    );
    await expect(put(app.url)).rejects.toMatchObject({ code: "42501" });
    expect((await diagnose(url)).wrong).toEqual([]); // it doesn't apply to a superuser
    const check = `row-level security for ${app.role}`;
    const security = async (): Promise<unknown> => (await diagnose(app.url)).findings.filter((one) => one.check === check);
    const { wrong } = await diagnose(app.url);
    const lacking = wrong.filter((one) => one.check === check);
    expect(lacking).toMatchObject([
      { ok: false, found: "no policy for INSERT, UPDATE, DELETE: reads find nothing, and writes fail or change nothing" },
    ]);
    await fixAll(url, lacking);
    await put(app.url);
    expect(await security()).toMatchObject([{ ok: true }]);

    await query(url, "CREATE POLICY active ON workflow_instances AS RESTRICTIVE FOR SELECT USING (status <> 'completed')");
    expect(await security()).toMatchObject([
      {
        ok: "note",
        found: "active for SELECT: ((status)::text <> 'completed'::text)",
        fix: expect.stringContaining("BYPASSRLS") as string,
      },
    ]);
  });

  it("notes a table of some size without statistics, until it is analyzed", async () => {
    const url = await createMigratedDatabase();
    await query(
      url,
      `ALTER TABLE workflow_instances SET (autovacuum_enabled = false);
       INSERT INTO workflow_instances (id, workflow) SELECT 'order::' || n, repeat('W', 250) FROM generate_series(1, 5000) AS n;
       REINDEX TABLE workflow_instances`,
    );
    const { code, wrong } = await diagnose(url);
    expect({ code, wrong }).toMatchObject({ code: 0, wrong: [{ check: "statistics", ok: "note", fix: `ANALYZE ${TABLE};` }] });
    await fixAll(url, wrong);
    expect(await diagnose(url)).toMatchObject({ code: 0, wrong: [] });
  });
});
