import { describe, expect, it } from "vitest";
import { createMigratedDatabase, createRole, LISTINGS, query } from "../../migrate/empty-database.js";
import { diagnose, fixAll, TABLE } from "./diagnose.js";

/** The URL of a role on a migrated database for which every read of a row fails. */
async function rejecting(error: string): Promise<string> {
  const url = await createMigratedDatabase();
  const app = await createRole(url);
  await query(
    url,
    `CREATE FUNCTION reject() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE ${error}; END $$;
     CREATE POLICY rejecting ON workflow_instances USING (reject());
     ALTER TABLE workflow_instances ENABLE ROW LEVEL SECURITY;
     INSERT INTO workflow_instances (id, workflow) VALUES ('1', 'W');
     GRANT SELECT, INSERT, UPDATE, DELETE ON workflow_instances TO ${app.role}`,
  );
  return app.url;
}

describe("hephaestus-prisma doctor on rights", () => {
  it("notes that a role which may only write can't migrate, and names the owner", async () => {
    const url = await createMigratedDatabase();
    const app = await createRole(url);
    await query(url, `GRANT SELECT, INSERT, UPDATE, DELETE ON workflow_instances TO ${app.role}`);
    const owner = {
      check: `rights of ${app.role} to migrate`,
      ok: "note",
      found: "the owner is postgres",
      expected: "the owner of the table, who may create in the schema public",
      fix: "run migrations as postgres: DATABASE_URL=postgresql://postgres:…@… npx prisma migrate deploy",
    };
    const { code, wrong } = await diagnose(app.url);
    expect({ code, wrong }).toEqual({
      code: 0,
      wrong: [
        owner,
        {
          check: "migrations",
          ok: "note",
          found: `the role ${app.role} may not read public._prisma_migrations`,
          expected: "that it may, to compare it with the migrations of this package",
          fix: `GRANT SELECT ON public._prisma_migrations TO ${app.role};`,
        },
      ],
    });
    await fixAll(url, wrong.slice(1));
    expect(await diagnose(app.url)).toEqual(expect.objectContaining({ code: 0, wrong: [owner] }));

    await query(
      url,
      `DELETE FROM _prisma_migrations WHERE migration_name = '${LISTINGS}'; DROP INDEX workflow_instances_updated_at_id_index, workflow_instances_inserted_at_id_index, workflow_instances_status_updated_at_id_index`,
    );
    const due = await diagnose(app.url);
    expect(due.code).toBe(1);
    expect(due.wrong).toContainEqual({ ...owner, ok: false, found: "the owner is postgres, and migrations are due" });
  });

  it("names the rights that a role lacks, and reads what it may", async () => {
    const url = await createMigratedDatabase();
    await query(url, "REVOKE USAGE ON SCHEMA public FROM PUBLIC");
    const app = await createRole(url);
    await query(url, `GRANT INSERT ON workflow_instances TO ${app.role}`);
    const { code, wrong } = await diagnose(app.url);
    const rights = wrong.find(({ check }) => check === `rights of ${app.role}`);
    expect({ code, rights }).toEqual({
      code: 1,
      rights: {
        check: `rights of ${app.role}`,
        ok: false,
        found: "none on the schema public",
        expected: "SELECT, INSERT, UPDATE, DELETE",
        fix: `GRANT USAGE ON SCHEMA public TO ${app.role};\nGRANT SELECT, INSERT, UPDATE, DELETE ON ${TABLE} TO ${app.role};`,
      },
    });
    expect(wrong).toContainEqual(expect.objectContaining({ check: "rows", ok: false, found: "permission denied for schema public" }));
    await fixAll(url, rights ? [rights] : []);
    expect((await diagnose(app.url)).code).toBe(0);
  });

  it("reads in a transaction that can't write and has a timeout, and goes on after what the database rejects", async () => {
    const url = await rejecting(`'read only %, timeout %', current_setting('transaction_read_only'), current_setting('statement_timeout')`);
    const { wrong, findings } = await diagnose(url);
    for (const check of ["values of all rows", "rows"])
      expect(wrong).toContainEqual(expect.objectContaining({ check, ok: false, found: "read only on, timeout 10s" }));
    expect(findings).toContainEqual(expect.objectContaining({ check: "index workflow_instances_status_index", ok: true }));
  });

  it("notes that counting took too long", async () => {
    const url = await rejecting(`'canceling statement due to statement timeout' USING ERRCODE = '57014'`);
    expect((await diagnose(url)).wrong).toContainEqual({
      check: "values of all rows",
      ok: "note",
      found: "canceling statement due to statement timeout",
      expected: "a count within 10s",
      fix: "npx hephaestus-prisma doctor --rows",
    });
  });
});
