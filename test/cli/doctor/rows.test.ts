import pg from "pg";
import { describe, expect, it } from "vitest";
import { createMigratedDatabase, query } from "../../migrate/empty-database.js";
import { run } from "../program.js";
import { checksOf, diagnose, type Finding, TABLE } from "./diagnose.js";

describe("hephaestus-prisma doctor on rows", () => {
  it("counts invalid values and names rows that can't be read, but never prints a state", async () => {
    const url = await createMigratedDatabase();
    await query(url, `ALTER TABLE workflow_instances ${(await checksOf(url)).map((name) => `DROP CONSTRAINT ${name}`).join(", ")}`);
    await query(
      url,
      `INSERT INTO workflow_instances (id, workflow, workflow_version, status, state) VALUES
         ('a', 'W', 1, 'done', '{}'), ('b''s', 'W', 0, 'failed', '["secret"]'), ('c', 'W', 1, 'failed', '{"context": "secret"}'),
         ('d', 'W', 1, 'failed', '{"runtime_metadata": {"n": 9007199254740993.5}}'), ('e', 'W', 1, 'failed', '{}')`,
    );
    const { code, wrong } = await diagnose(url);
    expect(code).toBe(1);
    expect(wrong.filter(({ check }) => !check.startsWith("constraint "))).toEqual([
      {
        check: "status of all rows",
        ok: false,
        found: "invalid in 1 row",
        expected: "status IN ('pending', 'running', 'waiting', 'completed', 'failed')",
        fix: `SELECT id, status FROM ${TABLE} WHERE (status IN ('pending', 'running', 'waiting', 'completed', 'failed')) IS NOT TRUE; -- and correct or delete these`,
      },
      {
        check: "workflow_version of all rows",
        ok: false,
        found: "invalid in 1 row",
        expected: "workflow_version > 0",
        fix: `SELECT id, workflow_version FROM ${TABLE} WHERE (workflow_version > 0) IS NOT TRUE; -- and correct or delete these`,
      },
      {
        check: "state of all rows",
        ok: false,
        found: "invalid in 1 row",
        expected: "jsonb_typeof(state) = 'object'",
        fix: `SELECT id, state FROM ${TABLE} WHERE (jsonb_typeof(state) = 'object') IS NOT TRUE; -- and correct or delete these`,
      },
      {
        check: "rows",
        ok: false,
        found: [
          "4 can't be read of 5 rows",
          'row "a" is corrupt at status: expected one of pending, running, waiting, completed, failed, found "done"',
          `row "b's" is corrupt at workflow_version: expected an integer from 1 to 2147483647, found 0`,
          'row "c" is corrupt at state.context: expected an object, found a string',
          'row "d" would lose digits at state.runtime_metadata.n: a JavaScript number can\'t hold the decimal that is stored',
        ].join("\n"),
        expected: "that all can be read as instances",
        fix:
          `SELECT * FROM ${TABLE} WHERE id IN ('a', 'b''s', 'c', 'd'); -- and correct or delete these\n` +
          'until then, storage.query(filters, { onUnreadable: "skip" }) leaves them out',
      },
    ]);
    expect(JSON.stringify(wrong)).not.toContain("secret");
    for (const { fix: command } of wrong.slice(0, 4)) expect(await query(url, command?.split("\n")[0] ?? "")).not.toEqual([]);
    expect((await run(["doctor"], url)).out).toContain(
      `!!  rows\n    found:    4 can't be read of 5 rows\n              row "a" is corrupt at status: expected one of`,
    );
  });

  it("reports large integers as a note", async () => {
    const url = await createMigratedDatabase();
    await query(
      url,
      `INSERT INTO workflow_instances (id, workflow, state) VALUES ('a', 'W', '{"runtime_metadata": {"n": 9007199254740993}}')`,
    );
    const { code, wrong } = await diagnose(url);
    expect({ code, wrong }).toMatchObject({
      code: 0,
      wrong: [{ check: "large integers", ok: "note", fix: `createPrismaStorage(prisma, { table: "${TABLE}", bigIntegers: "bigint" })` }],
    });
    expect(wrong[0]?.found).toContain('in 1 row\nrow "a" would lose digits at state.runtime_metadata.n');
    const { code: textCode, out } = await run(["doctor"], url);
    expect(textCode).toBe(0);
    expect(out).toContain("\n--  large integers\n    found:    in 1 row\n");
    expect(out.trimEnd().split("\n").at(-1)).toBe("all is well, 1 note");
  });

  it("reads a sample of a large table, and all of it with --rows", async () => {
    const url = await createMigratedDatabase();
    await query(
      url,
      `INSERT INTO workflow_instances (id, workflow, state)
       SELECT 'row::' || n, 'W', CASE WHEN n > 2488 THEN '{"context": 7}' ELSE '{}' END::jsonb FROM generate_series(1, 2500) AS n`,
    );
    const rowsOf = async (args: readonly string[]): Promise<Finding | undefined> =>
      (await diagnose(url, args)).findings.find(({ check }) => check === "rows");
    expect(await rowsOf([])).toMatchObject({ ok: true, found: "read 1,000 rows, a sample: --rows reads all" });
    const all = await rowsOf(["--rows"]);
    expect(all?.ok).toBe(false);
    const reported = all?.found.split("\n") ?? [];
    expect(reported[0]).toBe("12 can't be read of 2,500 rows");
    expect(reported[1]).toBe('row "row::2489" is corrupt at state.context: expected an object, found a number');
    expect(reported).toHaveLength(12);
    expect(reported.at(-1)).toBe("and 2 more");
  });

  it("finds times that a JavaScript Date or ISO 8601 can't hold", async () => {
    const url = await createMigratedDatabase();
    await query(
      url,
      `INSERT INTO workflow_instances (id, workflow, inserted_at, updated_at) VALUES
         ('never', 'W', now(), 'infinity'), ('caesar', 'W', '0044-03-15 BC', now()), ('late', 'W', now(), '10000-01-01'), ('fine', 'W', now(), now())`,
    );
    const { code, wrong } = await diagnose(url);
    expect(code).toBe(1);
    const times = wrong.filter(({ check }) => check.endsWith("_at of all rows"));
    expect(times.map(({ check, found }) => [check, found])).toEqual([
      ["inserted_at of all rows", "invalid in 1 row"],
      ["updated_at of all rows", "invalid in 2 rows"],
    ]);
    expect(await query(url, times[1]?.fix?.split("\n")[0] ?? "")).toMatchObject([{ id: "never" }, { id: "late" }]);
  });

  it("escapes what a terminal would act on, in ids and in the SQL that finds them", async () => {
    const url = await createMigratedDatabase();
    const id = "a\u001b[2J\u0007\r\u009b1m\u202eb'\\c\n";
    await query(url, `INSERT INTO workflow_instances (id, workflow, state) VALUES (${pg.escapeLiteral(id)}, 'W', '{"context": 7}')`);
    const [text, json] = [await run(["doctor"], url), await run(["doctor", "--json"], url)];
    for (const { code, out } of [text, json]) {
      expect(code).toBe(1);
      expect(out).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
    }
    const rows = (JSON.parse(json.out) as Finding[]).find(({ check }) => check === "rows");
    const [select = ""] = rows?.fix?.split("\n") ?? [];
    expect(text.out).toContain(select);
    expect(await query(url, select)).toMatchObject([{ id }]);
  });
});
