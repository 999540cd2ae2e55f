import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { deployMigrations } from "hephaestus-prisma/migrate";
import { expect, onTestFinished } from "vitest";
import { BASELINE, createEmptyDatabase, MIGRATIONS, query } from "../../migrate/empty-database.js";
import { prisma } from "../../migrate/prisma-cli.js";
import { run, type Surroundings } from "../program.js";

/** A finding, as `doctor --json` prints it. */
export interface Finding {
  readonly check: string;
  readonly ok: boolean | "note";
  readonly found: string;
  readonly expected: string;
  readonly fix: string | null;
}

export const TABLE = "public.workflow_instances";

/** A database that only HephaestusEcto has migrated, with the rows that it has stored. */
export async function ofEcto(): Promise<string> {
  const url = await createEmptyDatabase();
  await query(url, await readFile(new URL("../../fixtures/ecto-schema.sql", import.meta.url), "utf8"));
  const rows = await readFile(new URL("../../fixtures/ecto/rows.json", import.meta.url), "utf8");
  await query(
    url,
    `INSERT INTO workflow_instances
     SELECT id, workflow, status, state_text::jsonb, inserted_at, updated_at, workflow_version
     FROM json_to_recordset($1) AS r(id text, workflow text, status text, state_text text, inserted_at timestamp, updated_at timestamp, workflow_version int)`,
    [rows],
  );
  return url;
}

export interface Diagnosis {
  readonly code: number | null;
  readonly findings: readonly Finding[];
  /** Those that are not as expected. */
  readonly wrong: readonly Finding[];
}

export async function diagnose(url: string, args: readonly string[] = [], surroundings?: Surroundings): Promise<Diagnosis> {
  const { code, out, err } = await run(["doctor", "--json", ...args], url, surroundings);
  expect(err).toBe("");
  const findings = JSON.parse(out) as Finding[];
  return { code, findings, wrong: findings.filter(({ ok }) => ok !== true) };
}

/** Carries out the fix of a finding: Prisma's commands, or SQL. */
export async function fix(url: string, { fix: text, check }: Finding): Promise<void> {
  if (text === null) throw new Error(`${check} says no fix`);
  for (const line of text.startsWith("npx prisma") ? text.split("\n") : text.split(/(?<=;)\n/)) {
    const [npx, program, ...args] = line.split(" ");
    if (npx === "npx" && program === "prisma") expect(await prisma(url, args)).toMatchObject({ code: 0 });
    else await query(url, line);
  }
}

/** Carries out the fixes of findings, once if several are the same. */
export async function fixAll(url: string, findings: readonly Finding[]): Promise<void> {
  for (const finding of new Map(findings.map((one) => [one.fix, one])).values()) await fix(url, finding);
}

/** A folder of migrations: some of this package, and others by their scripts. It is removed after the test. */
export async function migrationsFolder(own: readonly string[], others: Readonly<Record<string, string>> = {}): Promise<string> {
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
export async function deploy(url: string, migrations?: string): Promise<void> {
  await deployMigrations(new PrismaPg({ connectionString: url }), migrations === undefined ? {} : { migrations });
}

/** The table as PostgreSQL describes it. */
export function describeTable(url: string): Promise<Record<string, unknown>[]> {
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

/** A migrated database whose table is partitioned: the baseline was edited, as the guide on scale says. */
export async function createPartitioned(): Promise<string> {
  const url = await createEmptyDatabase();
  const folder = await migrationsFolder(MIGRATIONS);
  const script = join(folder, BASELINE, "migration.sql");
  const created = /(CREATE TABLE "workflow_instances" \([^;]*\));/;
  const partitions = [0, 1].map(
    (rest) => `CREATE TABLE workflow_instances_${rest} PARTITION OF workflow_instances FOR VALUES WITH (MODULUS 2, REMAINDER ${rest});`,
  );
  const baseline = await readFile(script, "utf8");
  expect(baseline).toMatch(created);
  await writeFile(script, baseline.replace(created, `$1 PARTITION BY HASH (id);\n${partitions.join("\n")}`));
  await deploy(url, folder);
  return url;
}

/** Names of the table's indexes, without the one of its primary key. */
export async function indexesOf(url: string): Promise<string[]> {
  const rows = await query(
    url,
    `SELECT c.relname AS name FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE indrelid = '${TABLE}'::regclass AND NOT indisprimary ORDER BY 1`,
  );
  return rows.map(({ name }) => String(name));
}

/** Names of the table's CHECKs. */
export async function checksOf(url: string): Promise<string[]> {
  const rows = await query(
    url,
    `SELECT conname AS name FROM pg_constraint WHERE conrelid = '${TABLE}'::regclass AND contype = 'c' ORDER BY 1`,
  );
  return rows.map(({ name }) => String(name));
}
