import { describe, expect, it, onTestFinished } from "vitest";
import { startPgBouncer } from "../../../tools/pgbouncer.js";
import { createMigratedDatabase, query } from "../../migrate/empty-database.js";
import { run } from "../program.js";
import { checksOf, describeTable, diagnose, fixAll, indexesOf, TABLE } from "./diagnose.js";

describe("hephaestus-prisma doctor on a migrated database", () => {
  it("finds a migrated database healthy in two lines, or line by line", async () => {
    const url = await createMigratedDatabase();
    expect(await run(["doctor"], url)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^ok {2}PostgreSQL \d+.*, public\.workflow_instances, \d+ checks passed\nall is well\n$/) as string,
    });
    const { code, out, err } = await run(["doctor", "--verbose"], url);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^ok {2}prisma: @prisma\/client \d+\.\d+\.\d+, prisma \d+\.\d+\.\d+\nok {2}server: PostgreSQL \d+/);
    expect(out).toContain("\nok  index workflow_instances_workflow_pattern_index: btree (workflow varchar_pattern_ops, id)\n");
    expect(out.split("\n").filter((line) => !line.startsWith("ok  "))).toEqual(["", "all is well", ""]);
  });

  it("prints only what isn't well beside their number", async () => {
    const url = await createMigratedDatabase();
    await query(url, "DROP INDEX workflow_instances_status_index");
    const { code, out } = await run(["doctor"], url);
    expect(code).toBe(1);
    expect(out).toMatch(
      /^ok {2}PostgreSQL \d+.* checks passed\n!! {2}index workflow_instances_status_index\n(?: {4}.*\n){3}\n1 problem\n$/,
    );
  });

  it("prints what it found and expected as JSON", async () => {
    const { code, findings } = await diagnose(await createMigratedDatabase());
    expect(code).toBe(0);
    expect(findings).toContainEqual({
      check: "column updated_at",
      ok: true,
      found: "timestamp(3) without time zone NOT NULL DEFAULT timezone('UTC'::text, now())",
      expected: "timestamp(3) without time zone NOT NULL DEFAULT timezone('UTC'::text, now())",
      fix: null,
    });
    expect(findings.every(({ ok, fix }) => ok === true && fix === null)).toBe(true);
  });

  it("expects exactly what the migrations create", async () => {
    const url = await createMigratedDatabase();
    const { findings } = await diagnose(url);
    const expectedOf = (kind: string): Record<string, string> => {
      const prefix = `${kind} `;
      const own = findings.filter(({ check }) => check.startsWith(prefix));
      return Object.fromEntries(own.map(({ check, expected }) => [check.slice(prefix.length), expected]));
    };
    const indexes = await query(
      url,
      `SELECT c.relname AS name, substring(pg_get_indexdef(c.oid) FROM ' USING (.*)$') AS "on"
       FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE indrelid = '${TABLE}'::regclass AND NOT indisprimary`,
    );
    expect(expectedOf("index")).toEqual(Object.fromEntries(indexes.map(({ name, on }) => [name, on])));
    expect(Object.keys(expectedOf("constraint")).sort()).toEqual(await checksOf(url));
    const columns = await query(
      url,
      `SELECT attname AS name FROM pg_attribute WHERE attrelid = '${TABLE}'::regclass AND attnum > 0 ORDER BY 1`,
    );
    expect(Object.keys(expectedOf("column")).sort()).toEqual(columns.map(({ name }) => name));
  });

  it("gives the SQL that restores all that was dropped, exactly as the migrations create it", async () => {
    const url = await createMigratedDatabase();
    const before = await describeTable(url);
    const [checks, indexes] = [await checksOf(url), await indexesOf(url)];
    await query(
      url,
      `ALTER TABLE workflow_instances DROP CONSTRAINT workflow_instances_pkey, ALTER updated_at DROP DEFAULT, ALTER status DROP NOT NULL,
         ${checks.map((name) => `DROP CONSTRAINT ${name}`).join(", ")};
       ${indexes.map((name) => `DROP INDEX ${name};`).join("\n")}
       COMMENT ON TABLE workflow_instances IS NULL`,
    );
    const { code, wrong } = await diagnose(url);
    expect(code).toBe(1);
    // Nothing that extras and listings create is left: the record says that they have run, and is believed.
    expect(wrong.map(({ ok }) => ok)).toEqual(Array(wrong.length).fill(false));
    expect(wrong).toHaveLength(1 + 2 + 1 + checks.length + indexes.length);
    await fixAll(url, wrong);
    expect(await describeTable(url)).toEqual(before);
    expect(await diagnose(url)).toMatchObject({ code: 0, wrong: [] });
  });

  it("works through PgBouncer in transaction mode", async () => {
    const bouncer = await startPgBouncer(await createMigratedDatabase());
    onTestFinished(() => bouncer.stop());
    expect(await diagnose(bouncer.url, ["--rows"])).toMatchObject({ code: 0, wrong: [] });
    expect(await diagnose(bouncer.url)).toMatchObject({ code: 0, wrong: [] });
  });
});
