import pg from "pg";
import { describe, expect, it } from "vitest";
import { createMigratedDatabase, query } from "../../migrate/empty-database.js";
import { diagnose, fixAll, TABLE } from "./diagnose.js";

describe("hephaestus-prisma doctor on indexes", () => {
  it("names an index that is dropped and one on other columns, and accepts one under another name", async () => {
    const url = await createMigratedDatabase();
    await query(
      url,
      `DROP INDEX workflow_instances_status_index, workflow_instances_workflow_pattern_index;
       CREATE INDEX workflow_instances_workflow_pattern_index ON workflow_instances (workflow, id);
       ALTER INDEX workflow_instances_status_id_index RENAME TO mine`,
    );
    const { code, wrong, findings } = await diagnose(url);
    expect({ code, wrong }).toEqual({
      code: 1,
      wrong: [
        {
          check: "index workflow_instances_status_index",
          ok: false,
          found: "none",
          expected: "btree (status)",
          fix: `CREATE INDEX CONCURRENTLY workflow_instances_status_index ON ${TABLE} USING btree (status);`,
        },
        {
          check: "index workflow_instances_workflow_pattern_index",
          ok: false,
          found: "btree (workflow, id)",
          expected: "btree (workflow varchar_pattern_ops, id)",
          fix:
            "DROP INDEX CONCURRENTLY public.workflow_instances_workflow_pattern_index;\n" +
            `CREATE INDEX CONCURRENTLY workflow_instances_workflow_pattern_index ON ${TABLE} USING btree (workflow varchar_pattern_ops, id);`,
        },
      ],
    });
    expect(findings).toContainEqual(
      expect.objectContaining({ check: "index workflow_instances_status_id_index", ok: true, found: "btree (status, id), as mine" }),
    );
    await fixAll(url, wrong);
    expect(await diagnose(url)).toMatchObject({ code: 0, wrong: [] });
  });

  it("names indexes that an interrupted build has left invalid", async () => {
    const url = await createMigratedDatabase();
    await query(url, "INSERT INTO workflow_instances (id, workflow) VALUES ('1', 'W'), ('2', 'W')");
    await query(url, "DROP INDEX workflow_instances_status_index");
    const writer = new pg.Client({ connectionString: url });
    await writer.connect();
    await writer.query("BEGIN; UPDATE workflow_instances SET status = 'running'"); // which the build waits for
    const builder = new pg.Client({ connectionString: url, statement_timeout: 100 });
    await builder.connect();
    await expect(builder.query("CREATE INDEX CONCURRENTLY workflow_instances_status_index ON workflow_instances (status)")).rejects.toThrow(
      "timeout",
    );
    await builder.end();
    await writer.query("ROLLBACK");
    await writer.end();
    await expect(query(url, "CREATE UNIQUE INDEX CONCURRENTLY mine ON workflow_instances (workflow)")).rejects.toThrow(
      "could not create unique",
    );
    const { code, wrong } = await diagnose(url);
    expect({ code, wrong }).toEqual({
      code: 1,
      wrong: [
        {
          check: "index workflow_instances_status_index",
          ok: false,
          found: "an invalid one: its build was interrupted, or goes on",
          expected: "btree (status)",
          fix: "REINDEX INDEX CONCURRENTLY public.workflow_instances_status_index;",
        },
        {
          check: "index mine",
          ok: "note",
          found: "an invalid one, which every write keeps up to date and no query reads",
          expected: "no invalid index, except while it is built",
          fix: "DROP INDEX CONCURRENTLY public.mine;",
        },
      ],
    });
    await fixAll(url, wrong);
    expect(await diagnose(url)).toMatchObject({ code: 0, wrong: [] });
  });
});
