import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { PrismaPg } from "@prisma/adapter-pg";
import type { SqlDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import { deployMigrations, migrationStatus } from "hephaestus-prisma/migrate";
import pg from "pg";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createEmptyDatabase, MIGRATIONS, query, recorded, shapeOf } from "./empty-database.js";
import { prisma } from "./prisma-cli.js";

interface Subject {
  readonly factory: SqlDriverAdapterFactory;
  readonly sql: (text: string) => Promise<Record<string, unknown>[]>;
}

// One for all tests: to start it takes longer than most of them.
const pglite = new PGlite();
afterAll(() => pglite.close());

const subjects: readonly { readonly on: string; readonly create: () => Promise<Subject> }[] = [
  {
    on: "adapter-pg",
    async create() {
      const url = await createEmptyDatabase();
      return { factory: new PrismaPg({ connectionString: url }), sql: (text) => query(url, text) };
    },
  },
  {
    on: "PGlite",
    async create() {
      await pglite.exec("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
      return { factory: new PrismaPGlite(pglite), sql: async (text) => (await pglite.query<Record<string, unknown>>(text)).rows };
    },
  },
];

async function folderOf(scripts: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "hephaestus-prisma-migrations-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "migration_lock.toml"), `provider = "postgresql"\n`);
  for (const [name, script] of Object.entries(scripts)) {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, "migration.sql"), script);
  }
  return folder;
}

interface Locked {
  readonly url: string;
  /** The connection that holds Prisma's lock. */
  readonly other: pg.Client;
  readonly deployment: Promise<string[]>;
}

// It waits for the lock for ten seconds, during which the other tests run.
let locked: Locked;
beforeAll(async () => {
  const url = await createEmptyDatabase();
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  await other.query("SELECT pg_advisory_lock(72707369)");
  const deployment = deployMigrations(new PrismaPg({ connectionString: url }));
  deployment.catch(() => {}); // until its test awaits it
  locked = { url, other, deployment };
});
afterAll(() => locked.other.end());

describe.each(subjects)("on $on", ({ create }) => {
  test("applies this package's migrations once, and returns their names", async () => {
    const { factory, sql } = await create();
    expect(await deployMigrations(factory)).toEqual(MIGRATIONS);
    expect(await deployMigrations(factory)).toEqual([]);
    expect(await sql("SELECT migration_name AS name FROM _prisma_migrations ORDER BY started_at")).toEqual(
      MIGRATIONS.map((name) => ({ name })),
    );
    expect(await sql("SELECT count(*)::int AS instances FROM workflow_instances")).toEqual([{ instances: 0 }]);
  });

  test("applies each migration once in concurrent deployments", async () => {
    const { factory } = await create();
    const applied = await Promise.all([deployMigrations(factory), deployMigrations(factory), deployMigrations(factory)]);
    expect(applied.flat()).toEqual(MIGRATIONS);
  });

  test("rejects with P3018 and the facts when a migration fails, then with P3009, and rolls the script back", async () => {
    const { factory, sql } = await create();
    const migrations = await folderOf({ "1_fine": "CREATE TABLE fine (id int);", "2_broken": "CREATE TABLE half (id int);\nSELEC ';';" });

    await expect(deployMigrations(factory, { migrations })).rejects.toMatchObject({
      name: "MigrationError",
      code: "MIGRATION_FAILED",
      prismaCode: "P3018",
      message: expect.stringContaining("Migration name: 2_broken") as string,
      meta: {
        migration_name: "2_broken",
        database_error_code: "42601",
        database_error: `ERROR: syntax error at or near "SELEC" (line 2 of the script)`,
      },
    });
    await expect(deployMigrations(factory, { migrations })).rejects.toMatchObject({ prismaCode: "P3009" });
    expect(await sql("SELECT to_regclass('fine') IS NULL AS fine, to_regclass('half') IS NULL AS half")).toEqual([
      { fine: false, half: true },
    ]);
  });

  test("distinguishes applied, pending, failed, edited and missing migrations", async () => {
    const { factory } = await create();
    const first = await folderOf({ "1_kept": "SELECT 1;", "2_edited": "SELECT 2;", "3_missing": "SELECT 3;" });
    const none = { applied: [], pending: [], failed: [], edited: [], missing: [] };
    expect(await migrationStatus(factory, { migrations: first })).toEqual({ ...none, pending: ["1_kept", "2_edited", "3_missing"] });

    await deployMigrations(factory, { migrations: first });
    expect(await migrationStatus(factory, { migrations: first })).toEqual({ ...none, applied: ["1_kept", "2_edited", "3_missing"] });

    const second = await folderOf({ "1_kept": "SELECT 1;", "2_edited": "SELECT 22;", "4_pending": "SELECT 4;" });
    expect(await migrationStatus(factory, { migrations: second })).toEqual({
      applied: ["1_kept", "2_edited"],
      pending: ["4_pending"],
      failed: [],
      edited: ["2_edited"],
      missing: ["3_missing"],
    });

    const third = await folderOf({ "1_kept": "SELECT 1;", "2_edited": "SELECT 2;", "3_missing": "SELECT 3;", "4_failed": "SELEC;" });
    await deployMigrations(factory, { migrations: third }).catch(() => {});
    expect(await migrationStatus(factory, { migrations: third })).toMatchObject({ pending: [], failed: ["4_failed"], missing: [] });
  });

  test("runs a script as a whole", async () => {
    const { factory, sql } = await create();
    const script = "CREATE TABLE notes (body text); -- one; two\nDO $$ BEGIN INSERT INTO notes VALUES ('a;b'); PERFORM 1; END $$;";
    await deployMigrations(factory, { migrations: await folderOf({ "1_script": script }) });
    expect(await sql("SELECT body FROM notes")).toEqual([{ body: "a;b" }]);
  });
});

test("migrates the adapter's schema, and Prisma's CLI then agrees", async () => {
  const url = await createEmptyDatabase();
  expect(await deployMigrations(new PrismaPg({ connectionString: url }, { schema: "work flows" }))).toEqual(MIGRATIONS);
  expect(await recorded(url, `"work flows"`)).toHaveLength(MIGRATIONS.length);
  expect(await shapeOf(url, "public")).toEqual([]);
  await deployMigrations(new PrismaPg({ connectionString: url }));
  expect(await shapeOf(url, "work flows")).toEqual(await shapeOf(url, "public"));
  expect(await prisma(`${url}?schema=work%20flows`, ["migrate", "status"])).toMatchObject({ code: 0 });
});

test("creates the schema once when several deployments find it missing", async () => {
  const url = await createEmptyDatabase();
  const deploy = (): Promise<string[]> => deployMigrations(new PrismaPg({ connectionString: url }, { schema: "flows" }));
  expect((await Promise.all([deploy(), deploy(), deploy(), deploy()])).flat()).toEqual(MIGRATIONS);
});

test("leaves the user's own pool open and unchanged", async () => {
  const pool = new pg.Pool({ connectionString: await createEmptyDatabase() });
  onTestFinished(() => pool.end());
  await deployMigrations(new PrismaPg(pool, { disposeExternalPool: true }));
  expect(pool.totalCount).toBe(0);
  expect((await pool.query("SELECT count(*)::int AS n FROM _prisma_migrations")).rows).toEqual([{ n: MIGRATIONS.length }]);
});

test("gives up with P1002 while another deployment holds Prisma's lock, and leaves nothing behind", async () => {
  const { url, other, deployment } = locked;
  await expect(deployment).rejects.toMatchObject({ prismaCode: "P1002" });
  await other.query("SELECT pg_advisory_unlock_all()");
  expect(await deployMigrations(new PrismaPg({ connectionString: url }))).toEqual(MIGRATIONS);
});

test("rejects with P1001 when no server responds", async () => {
  const factory = new PrismaPg({ connectionString: "postgresql://postgres@localhost:1/nowhere" });
  await expect(deployMigrations(factory)).rejects.toMatchObject({
    prismaCode: "P1001",
    message: expect.stringContaining("Can't reach database server at `localhost:1`") as string,
  });
});
