import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { deployMigrations } from "hephaestus-prisma/migrate";
import pg from "pg";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { CHECKS, COLUMNS, INDEXES, PRIMARY_KEY } from "../../dist/cli/doctor/expected-table.js";
import type { Finding } from "../../dist/cli/doctor/finding.js";
import { prismaFinding, SUPPORTED_PRISMA } from "../../dist/cli/doctor/prisma-finding.js";
import { STATEMENT_TIMEOUT, withSession } from "../../dist/cli/doctor/session.js";
import { serverFinding } from "../../dist/cli/doctor/server-finding.js";
import { checkViews } from "../../dist/cli/doctor/view-findings.js";
import { startPgBouncer } from "../../tools/pgbouncer.js";
import { freePort } from "../../tools/free-port.js";
import { BASELINE, createEmptyDatabase, createRole, EXTRAS, LISTINGS, newDatabaseUrl, query } from "../migrate/empty-database.js";
import { copyProject, prisma } from "../migrate/prisma-cli.js";
import { run, type Surroundings } from "./program.js";

const TABLE = "public.workflow_instances";

/** A migrated database of a test's own. */
async function migrated(): Promise<string> {
  const url = newDatabaseUrl();
  await query(inject("serverUrl"), `CREATE DATABASE ${new URL(url).pathname.slice(1)} TEMPLATE ${inject("template")}`);
  return url;
}

/** A database that only HephaestusEcto has migrated, with the rows that it has stored. */
async function ofEcto(): Promise<string> {
  const url = await createEmptyDatabase();
  await query(url, await readFile(new URL("../fixtures/ecto-schema.sql", import.meta.url), "utf8"));
  const rows = await readFile(new URL("../fixtures/ecto/rows.json", import.meta.url), "utf8");
  await query(
    url,
    `INSERT INTO workflow_instances
     SELECT id, workflow, status, state_text::jsonb, inserted_at, updated_at, workflow_version
     FROM json_to_recordset($1) AS r(id text, workflow text, status text, state_text text, inserted_at timestamp, updated_at timestamp, workflow_version int)`,
    [rows],
  );
  return url;
}

interface Diagnosis {
  readonly code: number | null;
  readonly findings: readonly Finding[];
  /** Those that are not as expected. */
  readonly wrong: readonly Finding[];
}

async function diagnose(url: string, args: readonly string[] = [], surroundings?: Surroundings): Promise<Diagnosis> {
  const { code, out, err } = await run(["doctor", "--json", ...args], url, surroundings);
  expect(err).toBe("");
  const findings = JSON.parse(out) as Finding[];
  return { code, findings, wrong: findings.filter(({ ok }) => ok !== true) };
}

/** Does what a finding says: Prisma's commands, or SQL. */
async function mend(url: string, { mend: text, check }: Finding): Promise<void> {
  if (text === null) throw new Error(`${check} says no mend`);
  for (const line of text.startsWith("npx prisma") ? text.split("\n") : text.split(/(?<=;)\n/)) {
    const [npx, program, ...args] = line.split(" ");
    if (npx === "npx" && program === "prisma") expect(await prisma(url, args)).toMatchObject({ code: 0 });
    else await query(url, line);
  }
}

/** Does what findings say, once where several say the same. */
async function mendAll(url: string, findings: readonly Finding[]): Promise<void> {
  for (const finding of new Map(findings.map((one) => [one.mend, one])).values()) await mend(url, finding);
}

/** A folder of migrations: some of this package, and others by their scripts. It goes with the test. */
async function migrationsFolder(own: readonly string[], others: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "hephaestus-doctor-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const name of ["migration_lock.toml", ...own]) await cp(join("prisma/migrations", name), join(folder, name), { recursive: true });
  for (const [name, script] of Object.entries(others)) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, "migration.sql"), script);
  }
  return folder;
}

/** Deploys a folder of migrations, or those of this package. */
async function deploy(url: string, migrations?: string): Promise<void> {
  await deployMigrations(new PrismaPg({ connectionString: url }), migrations === undefined ? {} : { migrations });
}

/** The table as PostgreSQL describes it. */
function describeTable(url: string): Promise<Record<string, unknown>[]> {
  return query(
    url,
    `SELECT pg_get_indexdef(indexrelid) AS definition FROM pg_index WHERE indrelid = '${TABLE}'::regclass
     UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = '${TABLE}'::regclass AND contype IN ('c', 'p')
     UNION ALL SELECT format('%s %s %s %s', attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid))
       FROM pg_attribute a LEFT JOIN pg_attrdef d ON adrelid = attrelid AND adnum = attnum
       WHERE attrelid = '${TABLE}'::regclass AND attnum > 0 AND NOT attisdropped
     ORDER BY 1`,
  );
}

describe("hephaestus-prisma doctor", () => {
  it("finds a migrated database healthy, line by line", async () => {
    const url = await migrated();
    const { code, out, err } = await run(["doctor"], url);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^ok {2}prisma: @prisma\/client \d+\.\d+\.\d+, prisma \d+\.\d+\.\d+\nok {2}server: PostgreSQL \d+/);
    expect(out).toContain("\nok  index workflow_instances_workflow_pattern_index: btree (workflow varchar_pattern_ops, id)\n");
    expect(out.split("\n").filter((line) => !line.startsWith("ok  "))).toEqual(["", "all is well", ""]);
  });

  it("tells as JSON what it found and expected", async () => {
    const { code, findings } = await diagnose(await migrated());
    expect(code).toBe(0);
    expect(findings).toContainEqual({
      check: "column updated_at",
      ok: true,
      found: "timestamp(3) without time zone NOT NULL DEFAULT timezone('UTC'::text, now())",
      expected: "timestamp(3) without time zone NOT NULL DEFAULT timezone('UTC'::text, now())",
      mend: null,
    });
    expect(findings.every(({ ok, mend }) => ok === true && mend === null)).toBe(true);
  });

  it("expects exactly what the migrations make", async () => {
    const url = await migrated();
    const indexes = await query(
      url,
      `SELECT c.relname AS name, substring(pg_get_indexdef(c.oid) FROM ' USING (.*)$') AS "on"
       FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE indrelid = '${TABLE}'::regclass AND NOT indisprimary ORDER BY 1`,
    );
    const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
    expect([...INDEXES].sort(byName).map(({ name, on }) => ({ name, on }))).toEqual(indexes);
    const constraints = await query(
      url,
      `SELECT conname AS name FROM pg_constraint WHERE conrelid = '${TABLE}'::regclass AND contype <> 'n' ORDER BY 1`,
    );
    expect([PRIMARY_KEY, ...CHECKS].map(({ name }) => name).sort()).toEqual(constraints.map(({ name }) => name));
    const columns = await query(
      url,
      `SELECT attname AS name FROM pg_attribute WHERE attrelid = '${TABLE}'::regclass AND attnum > 0 ORDER BY 1`,
    );
    expect(COLUMNS.map(({ name }) => name).sort()).toEqual(columns.map(({ name }) => name));
    const titles = (await readdir("prisma/migrations")).map((name) => name.replace(/^\d+_/, ""));
    for (const { migration } of [...INDEXES, ...CHECKS]) expect(titles).toContain(migration);
  });

  it("says the SQL that makes anew all that was dropped, just as the migrations make it", async () => {
    const url = await migrated();
    const before = await describeTable(url);
    await query(
      url,
      `ALTER TABLE workflow_instances DROP CONSTRAINT workflow_instances_pkey, ALTER updated_at DROP DEFAULT, ALTER status DROP NOT NULL,
         ${CHECKS.map(({ name }) => `DROP CONSTRAINT ${name}`).join(", ")};
       ${INDEXES.map(({ name }) => `DROP INDEX IF EXISTS ${name};`).join("\n")}
       COMMENT ON TABLE workflow_instances IS NULL`,
    );
    const { code, wrong } = await diagnose(url);
    expect(code).toBe(1);
    // Nothing that extras and listings make is left: the record says that they have run, and is believed.
    expect(wrong.map(({ ok }) => ok)).toEqual(Array(wrong.length).fill(false));
    expect(wrong).toHaveLength(1 + 2 + 1 + CHECKS.length + INDEXES.length);
    await mendAll(url, wrong);
    expect(await describeTable(url)).toEqual(before);
    expect(await diagnose(url)).toMatchObject({ code: 0, wrong: [] });
  });

  it("leads a database of HephaestusEcto through its migrations", async () => {
    const url = await ofEcto();
    const { code, wrong, findings } = await diagnose(url);
    expect(code).toBe(1);
    expect(wrong.filter(({ ok }) => ok === false)).toEqual([
      {
        check: `migration ${BASELINE}`,
        ok: false,
        found: "not recorded, though what it makes is there",
        expected: "applied",
        mend: `npx prisma migrate resolve --applied ${BASELINE}`,
      },
      ...(await readdir("prisma/migrations"))
        .filter((name) => /^\d/.test(name) && name !== BASELINE)
        .map((name) => ({
          check: `migration ${name}`,
          ok: false,
          found: "pending",
          expected: "applied",
          mend: "npx prisma migrate deploy",
        })),
    ]);
    expect(wrong).toContainEqual({
      check: "column updated_at",
      ok: "note",
      found: "timestamp(0) without time zone NOT NULL",
      expected: "timestamp(3) without time zone NOT NULL DEFAULT timezone('UTC'::text, now())",
      mend: `it comes with ${EXTRAS}, which is pending: npx prisma migrate deploy`,
    });
    expect(wrong).toContainEqual({
      check: "index workflow_instances_updated_at_id_index",
      ok: "note",
      found: "none",
      expected: "btree (updated_at, id)",
      mend: `it comes with ${LISTINGS}, which is pending: npx prisma migrate deploy`,
    });
    expect(findings).toContainEqual(expect.objectContaining({ check: "rows", ok: true, found: "read 13 rows" }));
    await mendAll(
      url,
      wrong.filter(({ ok }) => ok === false),
    );
    expect(await diagnose(url)).toMatchObject({ code: 0, wrong: [] });
  });

  it("compares the comment that HephaestusEcto reads, and leaves a newer one", async () => {
    const url = await migrated();
    const told = async (comment: string): Promise<unknown> => {
      await query(url, `COMMENT ON TABLE workflow_instances IS ${comment}`);
      const { code, wrong } = await diagnose(url);
      expect(wrong).toMatchObject([{ check: "table comment, the version that HephaestusEcto reads", expected: '"3"' }]);
      return [code, wrong[0]?.ok, wrong[0]?.found, wrong[0]?.mend];
    };
    expect(await told("NULL")).toEqual([1, false, "none", `COMMENT ON TABLE ${TABLE} IS '3';`]);
    expect(await told("'jobs'")).toEqual([1, false, '"jobs"', `COMMENT ON TABLE ${TABLE} IS '3';`]);
    expect(await told("'2'")).toEqual([1, false, '"2"', "mix ecto.migrate, with the migrations of HephaestusEcto"]);
    expect(await told("'4'")).toEqual([0, "note", '"4"', "npm install hephaestus-prisma@latest"]);
  });

  it("names an index that is dropped, one on other columns, and takes one under another name", async () => {
    const url = await migrated();
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
          mend: `CREATE INDEX CONCURRENTLY workflow_instances_status_index ON ${TABLE} USING btree (status);`,
        },
        {
          check: "index workflow_instances_workflow_pattern_index",
          ok: false,
          found: "btree (workflow, id)",
          expected: "btree (workflow varchar_pattern_ops, id)",
          mend:
            "DROP INDEX CONCURRENTLY public.workflow_instances_workflow_pattern_index;\n" +
            `CREATE INDEX CONCURRENTLY workflow_instances_workflow_pattern_index ON ${TABLE} USING btree (workflow varchar_pattern_ops, id);`,
        },
      ],
    });
    expect(findings).toContainEqual(
      expect.objectContaining({ check: "index workflow_instances_status_id_index", ok: true, found: "btree (status, id), as mine" }),
    );
    await mendAll(url, wrong);
    expect(await diagnose(url)).toMatchObject({ code: 0, wrong: [] });
  });

  it("names indexes that a build which broke off has left invalid", async () => {
    const url = await migrated();
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
          found: "an invalid one: building it broke off, or goes on",
          expected: "btree (status)",
          mend: "REINDEX INDEX CONCURRENTLY public.workflow_instances_status_index;",
        },
        {
          check: "index mine",
          ok: "note",
          found: "an invalid one, which every write keeps up to date and no query reads",
          expected: "none that is invalid, but while it is built",
          mend: "DROP INDEX CONCURRENTLY public.mine;",
        },
      ],
    });
    await mendAll(url, wrong);
    expect(await diagnose(url)).toMatchObject({ code: 0, wrong: [] });
  });

  it("names CHECKs that are dropped or not validated", async () => {
    const url = await migrated();
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
          mend:
            `ALTER TABLE ${TABLE} ADD CONSTRAINT workflow_instances_status_check CHECK (${statuses}) NOT VALID;\n` +
            `ALTER TABLE ${TABLE} VALIDATE CONSTRAINT workflow_instances_status_check;`,
        },
        {
          check: "constraint workflow_instances_workflow_version_check",
          ok: false,
          found: "NOT VALID: rows from before it are not held to it",
          expected: "CHECK (workflow_version > 0), validated",
          mend: `ALTER TABLE ${TABLE} VALIDATE CONSTRAINT workflow_instances_workflow_version_check;`,
        },
      ],
    });
    await mendAll(url, wrong);
    expect(await diagnose(url)).toMatchObject({ code: 0, wrong: [] });
  });

  it("names columns of other types, without their defaults, nullable or missing", async () => {
    const url = await migrated();
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
        { check: "column state", found: "none", mend: `ALTER TABLE ${TABLE} ADD COLUMN state jsonb NOT NULL DEFAULT '{}'::jsonb;` },
        { check: "column inserted_at", mend: `ALTER TABLE ${TABLE}\n  ALTER COLUMN inserted_at TYPE timestamp(3) without time zone;` },
        {
          check: "column updated_at",
          found: "timestamp(3) with time zone DEFAULT timezone('UTC'::text, now())",
          mend: expect.stringMatching(
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
        mend: "mend what it says, and run this again",
      }),
    );
    await mendAll(url, columns);
    await mendAll(url, (await diagnose(url)).wrong); // the index that has gone with the column
    await query(url, "ALTER TABLE workflow_instances ALTER id DROP DEFAULT");
    expect(await describeTable(url)).toEqual(before);
    expect(await query(url, "SELECT * FROM times")).toEqual([]);
  });

  it("names a view that a migration has made and somebody has dropped", () => {
    const overview = {
      title: "overview",
      name: "2026_overview",
      state: "applied",
      views: ["overview"],
      script: "db/2026_overview/migration.sql",
      copy: null,
    } as const;
    const table = { oid: 1, name: TABLE, schema: "public", comment: "3", columns: [], indexes: [], constraints: [], views: ["overview"] };
    const migrations = { own: [overview], otherFailed: [], record: null };
    const finding = { check: "view overview", ok: false, found: "none", expected: "the one of 2026_overview" };
    expect(checkViews(table, migrations)).toEqual([{ ...finding, ok: true, found: "there", mend: null }]);
    expect(checkViews({ ...table, views: [] }, migrations)).toEqual([
      { ...finding, mend: "npx prisma db execute --file db/2026_overview/migration.sql" },
    ]);
    expect(checkViews({ ...table, views: [] }, { ...migrations, own: [{ ...overview, state: "unrecorded" }] })).toEqual([
      { ...finding, ok: "note", mend: "it comes with 2026_overview, which is pending: npx prisma migrate deploy" },
    ]);
  });

  it("counts invalid values and names rows that can't be read, but never tells a state", async () => {
    const url = await migrated();
    await query(url, `ALTER TABLE workflow_instances ${CHECKS.map(({ name }) => `DROP CONSTRAINT ${name}`).join(", ")}`);
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
        mend: `SELECT id, status FROM ${TABLE} WHERE (status IN ('pending', 'running', 'waiting', 'completed', 'failed')) IS NOT TRUE; -- and correct or delete these`,
      },
      {
        check: "workflow_version of all rows",
        ok: false,
        found: "invalid in 1 row",
        expected: "workflow_version > 0",
        mend: `SELECT id, workflow_version FROM ${TABLE} WHERE (workflow_version > 0) IS NOT TRUE; -- and correct or delete these`,
      },
      {
        check: "state of all rows",
        ok: false,
        found: "invalid in 1 row",
        expected: "jsonb_typeof(state) = 'object'",
        mend: `SELECT id, state FROM ${TABLE} WHERE (jsonb_typeof(state) = 'object') IS NOT TRUE; -- and correct or delete these`,
      },
      {
        check: "rows",
        ok: false,
        found: [
          "4 can't be read of 5 rows",
          'row "a" is corrupt at status: expected one of pending, running, waiting, completed, failed, found "done"',
          `row "b's" is corrupt at workflow_version: expected an integer from 1 to 2147483647, found 0`,
          'row "c" is corrupt at state.context: expected an object, found a string',
          'row "d" would lose digits at state.runtime_metadata.n: a JavaScript number can\'t hold the one that is stored',
        ].join("\n"),
        expected: "that all can be read as instances",
        mend:
          `SELECT * FROM ${TABLE} WHERE id IN ('a', 'b''s', 'c', 'd'); -- and correct or delete these\n` +
          'until then, storage.query(filters, { onUnreadable: "skip" }) leaves them out',
      },
    ]);
    expect(JSON.stringify(wrong)).not.toContain("secret");
    for (const { mend } of wrong.slice(0, 4)) expect(await query(url, mend?.split("\n")[0] ?? "")).not.toEqual([]);
    expect((await run(["doctor"], url)).out).toContain(
      `!!  rows\n    found:    4 can't be read of 5 rows\n              row "a" is corrupt at status: expected one of`,
    );
  });

  it("tells of large integers as a note", async () => {
    const url = await migrated();
    await query(
      url,
      `INSERT INTO workflow_instances (id, workflow, state) VALUES ('a', 'W', '{"runtime_metadata": {"n": 9007199254740993}}')`,
    );
    const { code, wrong } = await diagnose(url);
    expect({ code, wrong }).toMatchObject({
      code: 0,
      wrong: [{ check: "large integers", ok: "note", mend: 'createPrismaStorage(client, { bigIntegers: "bigint" })' }],
    });
    expect(wrong[0]?.found).toContain('in 1 row\nrow "a" would lose digits at state.runtime_metadata.n');
    const { code: textCode, out } = await run(["doctor"], url);
    expect(textCode).toBe(0);
    expect(out).toContain("\n--  large integers\n    found:    in 1 row\n");
    expect(out.trimEnd().split("\n").at(-1)).toBe("all is well, 1 note");
  });

  it("reads a sample of a large table, and all of it with --rows", async () => {
    const url = await migrated();
    await query(
      url,
      `INSERT INTO workflow_instances (id, workflow, state)
       SELECT 'row::' || n, 'W', CASE WHEN n > 2488 THEN '{"context": 7}' ELSE '{}' END::jsonb FROM generate_series(1, 2500) AS n`,
    );
    const rowsOf = async (args: readonly string[]): Promise<Finding | undefined> =>
      (await diagnose(url, args)).findings.find(({ check }) => check === "rows");
    // PostgreSQL knows no number of rows yet: the sample is the first thousand.
    expect(await rowsOf([])).toMatchObject({ ok: true, found: "read 1,000 rows, a sample: --rows reads all" });
    await query(url, "ANALYZE workflow_instances");
    expect((await rowsOf([]))?.found).toMatch(/\d+ rows, a sample: --rows reads all/);
    const all = await rowsOf(["--rows"]);
    expect(all?.ok).toBe(false);
    const told = all?.found.split("\n") ?? [];
    expect(told[0]).toBe("12 can't be read of 2,500 rows");
    expect(told[1]).toBe('row "row::2489" is corrupt at state.context: expected an object, found a number');
    expect(told).toHaveLength(12);
    expect(told.at(-1)).toBe("and 2 more");
  });

  it("leads out of a migration that failed", async () => {
    const url = await createEmptyDatabase();
    await deploy(url, await migrationsFolder([BASELINE]));
    await query(url, "INSERT INTO workflow_instances VALUES ('odd', 'W', 'done', '{}', now(), now(), 1)");
    await expect(deploy(url)).rejects.toMatchObject({ code: "P3018" });
    const { code, wrong } = await diagnose(url);
    expect(code).toBe(1);
    expect(wrong).toContainEqual(expect.objectContaining({ check: "status of all rows", found: "invalid in 1 row" }));
    const failed = wrong.find(({ check }) => check === `migration ${EXTRAS}`);
    expect(failed).toEqual({
      check: `migration ${EXTRAS}`,
      ok: false,
      found: "it began and did not finish",
      expected: "applied",
      mend: `npx prisma migrate resolve --rolled-back ${EXTRAS}\nnpx prisma migrate deploy`,
    });
    await query(url, "DELETE FROM workflow_instances WHERE id = 'odd'");
    if (failed) await mend(url, failed);
    expect(await diagnose(url)).toMatchObject({ code: 0, wrong: [] });
  });

  it("leads out of a baseline that failed because HephaestusEcto's table was there", async () => {
    const url = await createEmptyDatabase();
    await deploy(url, await migrationsFolder([], { "20250101000000_users": "CREATE TABLE users (id int);" }));
    await query(url, await readFile(new URL("../fixtures/ecto-schema.sql", import.meta.url), "utf8"));
    await expect(deploy(url)).rejects.toThrow("already exists");
    const { code, wrong } = await diagnose(url);
    const failed = wrong.find(({ check }) => check === `migration ${BASELINE}`);
    expect({ code, failed }).toMatchObject({
      code: 1,
      failed: { ok: false, found: "it began and did not finish", mend: `npx prisma migrate resolve --applied ${BASELINE}` },
    });
    if (failed) await mend(url, failed);
    await deploy(url);
    expect(await diagnose(url)).toMatchObject({ code: 0, wrong: [] });
  });

  it("tells of another migration that failed, since none is applied after it", async () => {
    const url = await migrated();
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
          found: "it began and did not finish, so that Prisma applies no other",
          expected: "applied",
          mend: "correct it, then:\nnpx prisma migrate resolve --rolled-back 20260102000000_broken\nnpx prisma migrate deploy",
        },
      ],
    });
  });

  it("knows the migrations under a project's own times and names, and says how to copy one that it lacks", async () => {
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
      expect(findings).toContainEqual({ check: `migration ${name}`, ok: true, found: "applied", expected: "applied", mend: null });
    expect(wrong).toContainEqual({
      check: `migration ${LISTINGS}`,
      ok: false,
      found: "pending",
      expected: "applied",
      mend: `cp -r node_modules/hephaestus-prisma/prisma/migrations/${LISTINGS} prisma/migrations/\nnpx prisma migrate deploy`,
    });
  });

  it("finds a project's migrations where its Prisma config says", async () => {
    const project = await copyProject();
    await symlink(resolve("node_modules"), join(project, "node_modules")); // Prisma loads the config
    await rename(join(project, "prisma/migrations"), join(project, "steps"));
    await rm(join(project, "steps", LISTINGS), { recursive: true });
    await writeFile(join(project, "prisma.config.ts"), 'export default { schema: "prisma", migrations: { path: "steps" } };');
    const url = await createEmptyDatabase();
    await deploy(url, join(project, "steps"));
    await query(url, "DROP VIEW workflow_instance_overview");
    const { findings } = await diagnose(url, [], { cwd: project });
    const mendOf = (check: string): unknown => findings.find((finding) => finding.check === check)?.mend;
    expect(mendOf(`migration ${LISTINGS}`)).toBe(
      `cp -r node_modules/hephaestus-prisma/prisma/migrations/${LISTINGS} steps/\nnpx prisma migrate deploy`,
    );
    expect(mendOf("view workflow_instance_overview")).toBe("npx prisma db execute --file steps/20260101000003_overview/migration.sql");
  });

  it("says how to make the table, also where only the record of it is left", async () => {
    const empty = await createEmptyDatabase();
    const { code, wrong } = await diagnose(empty);
    const expected = '"workflow_instances" in the schema "public"';
    expect({ code, table: wrong[0], rest: wrong.slice(1).map(({ found, mend }) => [found, mend]) }).toEqual({
      code: 1,
      table: { check: "table", ok: false, found: "no table like it in this database", expected, mend: "npx prisma migrate deploy" },
      rest: wrong.slice(1).map(() => ["pending", "npx prisma migrate deploy"]),
    });
    await mendAll(empty, wrong.slice(0, 1));
    expect(await diagnose(empty)).toMatchObject({ code: 0, wrong: [] });

    await query(empty, "DROP TABLE workflow_instances CASCADE");
    const [dropped] = (await diagnose(empty)).wrong;
    expect(dropped?.mend).toMatch(
      /^restore it from a backup, or make it anew, empty:\nDELETE FROM public\._prisma_migrations WHERE migration_name IN \('20260101000000_baseline', .*\);\nnpx prisma migrate deploy$/,
    );
    await mendAll(
      empty,
      [...(dropped?.mend?.split("\n").slice(1) ?? [])].map((mend) => ({ ...dropped, mend }) as Finding),
    );
    expect(await diagnose(empty)).toMatchObject({ code: 0, wrong: [] });
  });

  it("says where the table is, when it is in another schema or under another name", async () => {
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
          mend:
            "in DATABASE_URL or --url: ?schema=work%20flows\n" +
            'in your code: new PrismaPg({ connectionString }, { schema: "work flows" })',
        },
      ],
    });
    const there = `${url}?schema=work%20flows`;
    expect((await diagnose(there, ["--table", "jobs"])).wrong).toMatchObject([{ check: "table", mend: "npx hephaestus-prisma doctor" }]);
    expect(await diagnose(there)).toMatchObject({ code: 0, wrong: [] });
    await query(url, `DROP INDEX "work flows".workflow_instances_status_index; ALTER TABLE "work flows".workflow_instances RENAME TO jobs`);
    expect(await diagnose(there)).toMatchObject({ wrong: [{ check: "table", mend: "npx hephaestus-prisma doctor --table jobs" }] });
    const { code, wrong } = await diagnose(there, ["--table", "jobs"]);
    expect({ code, wrong }).toMatchObject({
      code: 1,
      wrong: [{ mend: 'CREATE INDEX CONCURRENTLY workflow_instances_status_index ON "work flows".jobs USING btree (status);' }],
    });
    await mendAll(url, wrong);
    expect(await diagnose(there, ["--table", "jobs"])).toMatchObject({ code: 0, wrong: [] });
  });

  it("notes that a role which may only write can't migrate, and names the owner", async () => {
    const url = await migrated();
    const app = await createRole(url);
    await query(url, `GRANT SELECT, INSERT, UPDATE, DELETE ON workflow_instances TO ${app.role}`);
    const owner = {
      check: `rights of ${app.role} to migrate`,
      ok: "note",
      found: "the owner is postgres",
      expected: "the owner of the table, who may create in the schema public",
      mend: "run migrations as postgres: DATABASE_URL=postgresql://postgres:…@… npx prisma migrate deploy",
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
          mend: `GRANT SELECT ON public._prisma_migrations TO ${app.role};`,
        },
      ],
    });
    await mendAll(url, wrong.slice(1));
    expect(await diagnose(app.url)).toEqual(expect.objectContaining({ code: 0, wrong: [owner] }));

    await query(
      url,
      `DELETE FROM _prisma_migrations WHERE migration_name = '${LISTINGS}'; DROP INDEX ${INDEXES.filter(
        ({ migration }) => migration === "listings",
      )
        .map(({ name }) => name)
        .join(", ")}`,
    );
    const due = await diagnose(app.url);
    expect(due.code).toBe(1);
    expect(due.wrong).toContainEqual({ ...owner, ok: false, found: "the owner is postgres, and migrations are due" });
  });

  it("names the rights that a role lacks, and reads what it may", async () => {
    const url = await migrated();
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
        mend: `GRANT USAGE ON SCHEMA public TO ${app.role};\nGRANT SELECT, INSERT, UPDATE, DELETE ON ${TABLE} TO ${app.role};`,
      },
    });
    expect(wrong).toContainEqual(expect.objectContaining({ check: "rows", ok: false, found: "permission denied for schema public" }));
    await mendAll(url, rights ? [rights] : []);
    expect((await diagnose(app.url)).code).toBe(0);
  });

  it("says why it can't connect, and tells no secret", async () => {
    const url = await migrated();
    const at = (change: Partial<URL>): string => Object.assign(new URL(url), change).href;
    const port = await freePort();
    const cases = [
      [
        at({ port: String(port), password: "hidden" }),
        {
          check: "server",
          found: `connect ECONNREFUSED 127.0.0.1:${port}`,
          expected: `a PostgreSQL server that answers at 127.0.0.1:${port}`,
        },
      ],
      [
        at({ password: "hidden" }),
        {
          check: "login",
          found: 'password authentication failed for user "postgres"',
          expected: 'a login as the role "postgres"',
          mend: 'correct user and password in DATABASE_URL or --url, or set a new password in psql: \\password "postgres"',
        },
      ],
      [at({ password: "" }), { check: "login", expected: 'a login as the role "postgres"' }],
      [
        at({ pathname: "/nowhere" }),
        {
          check: "database",
          found: 'database "nowhere" does not exist',
          expected: 'a database "nowhere"',
          mend: "correct the database in DATABASE_URL or --url, or create and migrate it: npx prisma migrate deploy",
        },
      ],
    ] as const;
    for (const [broken, finding] of cases) {
      const { code, wrong } = await diagnose(broken, [], { env: { PGPASSWORD: undefined } });
      expect({ code, wrong }).toMatchObject({ code: 1, wrong: [{ ok: false, ...finding }] });
      expect(JSON.stringify(wrong)).not.toMatch(/hidden|postgresql:/);
    }
    const app = await createRole(url);
    await query(url, `REVOKE CONNECT ON DATABASE ${new URL(url).pathname.slice(1)} FROM PUBLIC`);
    const { wrong } = await diagnose(app.url);
    expect(wrong).toMatchObject([{ check: "database", ok: false, expected: `that the role "${app.role}" may connect` }]);
    await mendAll(url, wrong);
    expect((await diagnose(app.url)).wrong).not.toContainEqual(expect.objectContaining({ check: "database" }));
    const { code, out, err } = await run(["doctor"], at({ password: "hidden" }));
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(out).toContain("!!  login\n    found:    password authentication failed");
    expect(out).not.toMatch(/^ +at |hidden/m);
  });

  it("works behind PgBouncer in transaction mode", async () => {
    const bouncer = await startPgBouncer(await migrated());
    onTestFinished(() => bouncer.stop());
    expect(await diagnose(bouncer.url, ["--rows"])).toMatchObject({ code: 0, wrong: [] });
    expect(await diagnose(bouncer.url)).toMatchObject({ code: 0, wrong: [] });
  });

  it("can't write, and gives up a statement that takes too long", async () => {
    const client = new pg.Client({ connectionString: await migrated() });
    await client.connect();
    onTestFinished(() => client.end());
    await expect(
      withSession(client, ({ query }) => query("INSERT INTO public.workflow_instances (id, workflow) VALUES ('1', 'W')")),
    ).rejects.toThrow("cannot execute INSERT in a read-only transaction");
    const [settings] = await withSession(client, ({ query }) => query("SHOW statement_timeout"));
    expect(settings).toEqual({ statement_timeout: STATEMENT_TIMEOUT });
  });

  it("goes on after what the database refuses", async () => {
    const client = new pg.Client({ connectionString: await migrated() });
    await client.connect();
    onTestFinished(() => client.end());
    const told = await withSession(client, async ({ query, attempt }) => {
      await query("SET LOCAL statement_timeout = 1");
      const slow = await attempt(() => query("SELECT pg_sleep(10)"));
      const wrong = await attempt(() => query("SELECT 1 / 0"));
      return [slow, wrong, await query("SELECT 1 AS one")];
    });
    expect(told).toEqual([
      { message: "canceling statement due to statement timeout", timedOut: true },
      { message: "division by zero", timedOut: false },
      [{ one: 1 }],
    ]);
  });

  it("names a server that is too old", () => {
    expect(serverFinding("13.22", 130022)).toEqual({
      check: "server",
      ok: false,
      found: "PostgreSQL 13.22",
      expected: "PostgreSQL 14 or newer",
      mend: "upgrade the server: https://www.postgresql.org/docs/current/upgrading.html",
    });
    expect(serverFinding("14.0", 140000).ok).toBe(true);
  });

  it("tells of the project's Prisma when its parts don't fit together", async () => {
    const project = await mkdtemp(join(tmpdir(), "hephaestus-doctor-"));
    onTestFinished(() => rm(project, { recursive: true, force: true }));
    const url = await migrated();
    const install = async (name: string, version: string): Promise<void> => {
      await mkdir(join(project, "node_modules", name), { recursive: true });
      await writeFile(join(project, "node_modules", name, "package.json"), JSON.stringify({ name, version }));
    };
    expect(await diagnose(url, [], { cwd: project })).toMatchObject({
      code: 0,
      wrong: [
        {
          check: "prisma",
          ok: "note",
          found: "@prisma/client not installed, prisma not installed",
          mend: "run this in the folder of your project",
        },
      ],
    });
    await install("@prisma/client", "7.10.1");
    expect(await diagnose(url, [], { cwd: project })).toMatchObject({ code: 0, wrong: [] });
    await install("prisma", "7.10.0");
    expect(await diagnose(url, [], { cwd: project })).toMatchObject({
      code: 1,
      wrong: [
        {
          check: "prisma",
          ok: false,
          found: "@prisma/client 7.10.1, prisma 7.10.0",
          expected: `${SUPPORTED_PRISMA}, both the same`,
          mend: "npm install --save-dev prisma@7.10.1",
        },
      ],
    });
  });

  it("notes a Prisma that this package is not tested with", async () => {
    const manifest = JSON.parse(await readFile("package.json", "utf8")) as { peerDependencies: Record<string, string> };
    expect(SUPPORTED_PRISMA).toBe(manifest.peerDependencies["@prisma/adapter-pg"]);
    for (const version of ["5.22.0", "6.18.0", "8.0.0"])
      expect(prismaFinding(version, version)).toMatchObject({ ok: "note", found: expect.stringContaining(version) as string });
    for (const version of ["6.19.3", "7.0.0", "7.11.0-dev.3"]) expect(prismaFinding(version, version).ok).toBe(true);
    expect(prismaFinding(null, "7.10.0")).toMatchObject({ ok: "note", mend: "npm install @prisma/client@7.10.0" });
  });

  it.each([
    [["--all"], "Unknown option '--all'"],
    [["now"], "Unexpected argument 'now'"],
    [["--url", "mysql://root:secret@localhost/x"], "the URL is invalid: expected one like postgresql://"],
  ])("refuses the command line %j", async (args, message) => {
    const { code, out, err } = await run(["doctor", ...args], "postgresql://nowhere.invalid/none");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(`hephaestus-prisma: ${message}`);
    expect(err).not.toMatch(/^ +at |secret/m);
  });

  it("asks for a database, and explains itself", async () => {
    expect(await run(["doctor"])).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringContaining("Set DATABASE_URL or give --url") as string,
    });
    const { code, out, err } = await run(["doctor", "--help"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("--rows ");
    expect((await run(["--help"])).out).toMatch(/^ {2}doctor +find what is wrong/m);
  });
});
