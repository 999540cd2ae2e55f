import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage } from "hephaestus-prisma";
import { deployMigrations } from "hephaestus-prisma/migrate";
import { expect, inject, onTestFinished, test } from "vitest";
import { connectClient } from "../../database.js";
import { ectoRows, ectoRowsWith64Bits } from "../../ecto.js";
import {
  BASELINE,
  createEmptyDatabase,
  createMigratedDatabase,
  createRole,
  EXTRAS,
  MIGRATIONS,
  newDatabaseUrl,
  query,
  recorded,
  shapeOf,
} from "../../migrate/empty-database.js";
import { copyProject, prisma, type Run } from "../../migrate/prisma-cli.js";

const ALL = MIGRATIONS.map((name) => ({ name, finished: true, steps: 1 }));

async function projectWith(name: string, script: string): Promise<string> {
  const project = await copyProject();
  await mkdir(join(project, "prisma/migrations", name));
  await writeFile(join(project, "prisma/migrations", name, "migration.sql"), script);
  return project;
}

test("migrate deploy creates the database and records all migrations; a second time does no harm", async () => {
  const url = newDatabaseUrl();

  const first = await prisma(url, ["migrate", "deploy"]);
  expect(first).toMatchObject({ code: 0, output: expect.stringContaining("All migrations have been successfully applied") as string });
  expect(await recorded(url)).toEqual(ALL);

  const second = await prisma(url, ["migrate", "deploy"]);
  expect(second).toMatchObject({ code: 0, output: expect.stringContaining("No pending migrations to apply") as string });
  expect(await recorded(url)).toEqual(ALL);
});

test("migrate deploy runs twice at the same time", async () => {
  const url = await createEmptyDatabase();
  const runs = await Promise.all([prisma(url, ["migrate", "deploy"]), prisma(url, ["migrate", "deploy"])]);

  expect(runs.map(({ code }) => code)).toEqual([0, 0]);
  expect(runs.filter(({ output }) => output.includes("No pending migrations"))).toHaveLength(1);
  expect(await recorded(url)).toEqual(ALL);
});

test("migrate deploy fills the schema that the URL names, and no other", async () => {
  const url = await createEmptyDatabase();
  expect(await prisma(`${url}?schema=work%20flows`, ["migrate", "deploy"])).toMatchObject({ code: 0 });

  expect(await recorded(url, `"work flows"`)).toEqual(ALL);
  expect(await shapeOf(url, "public")).toEqual([]);

  await deployMigrations(new PrismaPg({ connectionString: url }));
  const shape = await shapeOf(url, "work flows");
  expect(shape).toEqual(await shapeOf(url, "public"));
  expect(shape).toContainEqual({ kind: "r", name: "workflow_instances", says: "3" });
  expect(shape.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["check", "i"]));
});

test("migrate status distinguishes pending migrations from an up-to-date database, also in an older checkout", async () => {
  const before = await prisma(await createEmptyDatabase(), ["migrate", "status"]);
  expect(before.code).toBe(1);
  expect(before.output).toContain("have not yet been applied");
  expect(before.output).toContain(EXTRAS);

  const url = await createMigratedDatabase();
  const upToDate = { code: 0, output: expect.stringContaining("Database schema is up to date!") as string };
  expect(await prisma(url, ["migrate", "status"])).toMatchObject(upToDate);

  const project = await copyProject();
  await rm(join(project, "prisma/migrations", MIGRATIONS.at(-1) ?? ""), { recursive: true });
  expect(await prisma(url, ["migrate", "status"], { project })).toMatchObject(upToDate);
  expect(await prisma(url, ["migrate", "deploy"], { project })).toMatchObject({ code: 0 });
  expect(await recorded(url)).toEqual(ALL);
});

test("migrate resolve adopts HephaestusEcto's table and rows, which the storage then reads and leaves unchanged", async () => {
  const url = await createEmptyDatabase();
  await query(url, await readFile(new URL("../../fixtures/ecto-schema.sql", import.meta.url), "utf8"));
  await query(
    url,
    `INSERT INTO public.workflow_instances
     SELECT id, workflow, status, state_text::jsonb, '2026-04-12 10:11:12', '2026-04-12 10:11:13', workflow_version
     FROM json_to_recordset($1) AS row(id text, workflow text, status text, state_text text, workflow_version int)`,
    [JSON.stringify([...ectoRows, ...ectoRowsWith64Bits])],
  );
  await query(url, "CREATE SCHEMA before; CREATE TABLE before.rows AS SELECT * FROM public.workflow_instances");
  const changed = (): Promise<unknown> =>
    query(
      url,
      `SELECT was, now FROM before.rows was FULL JOIN public.workflow_instances now USING (id)
       WHERE (was.workflow, was.workflow_version, was.status, was.state, was.inserted_at)
         IS DISTINCT FROM (now.workflow, now.workflow_version, now.status, now.state, now.inserted_at)`,
    );

  expect(await prisma(url, ["migrate", "deploy"])).toMatchObject({ code: 1, output: expect.stringContaining("P3005") as string });
  expect(await prisma(url, ["migrate", "resolve", "--applied", BASELINE])).toMatchObject({ code: 0 });
  expect(await prisma(url, ["migrate", "deploy"])).toMatchObject({ code: 0, output: expect.stringContaining(EXTRAS) as string });
  expect(await changed()).toEqual([]);

  const client = connectClient({ connectionString: url });
  onTestFinished(() => client.$disconnect());
  const storage = createPrismaStorage(client, { table: "public.workflow_instances", bigIntegers: "bigint" });
  const instances = await storage.query();
  expect(instances).toHaveLength(ectoRows.length + ectoRowsWith64Bits.length);
  await storage.putMany(instances);
  expect(await changed()).toEqual([]);
  const byVerbs = createPrismaStorage(client);
  const readable = await byVerbs.query({}, { onUnreadable: "skip" });
  expect(readable).toHaveLength(ectoRows.length);
  await byVerbs.putMany(readable);
  expect(await changed()).toEqual([]);

  const diff = await prisma(url, ["migrate", "diff", "--from-config-datasource", "--to-schema", "prisma", "--exit-code"]);
  expect(diff).toMatchObject({ code: 0 });
});

test("a migration that fails is P3018 with the database's message, and P3009 until it is resolved", async () => {
  const url = await createMigratedDatabase();
  const broken = "20260102000000_broken";
  const project = await projectWith(broken, `CREATE TABLE leftover (id int);\n\nINSERT INTO leftover VALUES ('x');`);
  const status = (): Promise<Run> => prisma(url, ["migrate", "status"], { project });

  const failed = await prisma(url, ["migrate", "deploy"], { project });
  expect(failed.code).toBe(1);
  expect(failed.output).toContain("P3018");
  expect(failed.output).toContain(`Migration name: ${broken}`);
  expect(failed.output).toContain("Database error code: 22P02");
  expect(failed.output).toContain(`ERROR: invalid input syntax for type integer: "x" (line 3 of the script)`);
  expect(await query(url, "SELECT to_regclass('leftover') AS table")).toEqual([{ table: null }]);
  expect(await recorded(url)).toEqual([...ALL, { name: broken, finished: false, steps: 0 }]);

  const blocked = await prisma(url, ["migrate", "deploy"], { project });
  expect(blocked).toMatchObject({ code: 1, output: expect.stringContaining("P3009") as string });
  const stuck = await status();
  expect(stuck).toMatchObject({ code: 1, output: expect.stringContaining("migration have failed") as string });
  expect(stuck.output).toContain(`prisma migrate resolve --rolled-back "${broken}"`);

  await writeFile(join(project, "prisma/migrations", broken, "migration.sql"), "CREATE TABLE leftover (id int);");
  expect(await prisma(url, ["migrate", "resolve", "--rolled-back", broken], { project })).toMatchObject({ code: 0 });
  expect(await status()).toMatchObject({ code: 1, output: expect.stringContaining("have not yet been applied") as string });
  expect(await prisma(url, ["migrate", "deploy"], { project })).toMatchObject({ code: 0 });
  expect(await status()).toMatchObject({ code: 0 });
  expect(
    await query(
      url,
      `SELECT finished_at IS NOT NULL AS finished, rolled_back_at IS NOT NULL AS rolled_back, logs ~ 'invalid input syntax' AS logged
       FROM _prisma_migrations WHERE migration_name = $1 ORDER BY started_at`,
      [broken],
    ),
  ).toEqual([
    { finished: false, rolled_back: true, logged: true },
    { finished: true, rolled_back: false, logged: null },
  ]);
});

test("a role that may not create tables gets that error, and leaves nothing in the database", async () => {
  const url = await createEmptyDatabase();
  await query(url, "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
  const app = await createRole(url);

  const failed = await prisma(app.url, ["migrate", "deploy"]);
  expect(failed).toMatchObject({ code: 1, output: expect.stringContaining("permission denied for schema public") as string });
  expect(await shapeOf(url, "public")).toEqual([]);
});

test("a role that doesn't own the table gets that error, and leaves the migration pending for the owner", async () => {
  const url = await createMigratedDatabase();
  const pending = "20260102000000_pending";
  const project = await projectWith(pending, "CREATE TABLE extra (id int);\n\nALTER TABLE workflow_instances ADD COLUMN extra int;");
  const shape = await shapeOf(url, "public");
  const app = await createRole(url);
  await query(url, `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${app.role}; GRANT CREATE ON SCHEMA public TO ${app.role}`);

  const denied = await prisma(app.url, ["migrate", "deploy"], { project });
  expect(denied).toMatchObject({ code: 1, output: expect.stringContaining("permission denied for table _prisma_migrations") as string });
  expect(await recorded(url)).toEqual(ALL);

  await query(url, `GRANT INSERT, UPDATE ON _prisma_migrations TO ${app.role}`);
  const failed = await prisma(app.url, ["migrate", "deploy"], { project });
  expect(failed).toMatchObject({ code: 1, output: expect.stringContaining("must be owner of table workflow_instances") as string });
  expect(failed.output).toContain("P3018");
  expect(await shapeOf(url, "public")).toEqual(shape);
});

test("a script reaches the server whole: semicolons in bodies, strings and comments don't split it", async () => {
  const url = await createMigratedDatabase();
  const script = `
    -- a comment; with a semicolon, and it's got a quote
    CREATE TABLE notes (id serial PRIMARY KEY, body text DEFAULT 'one; two');
    /* another; one */
    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      NEW.body := NEW.body || '; three';
      RETURN NEW;
    END;
    $$;
    CREATE TRIGGER noted BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION note();
    DO $body$ BEGIN PERFORM 1; INSERT INTO notes DEFAULT VALUES; END $body$;
    COMMENT ON TABLE notes IS E'it\\'s; quoted';`;
  const project = await projectWith("20260102000000_scripted", script);

  expect(await prisma(url, ["migrate", "deploy"], { project })).toMatchObject({ code: 0 });
  expect(await query(url, "SELECT body, obj_description('notes'::regclass) AS comment FROM notes")).toEqual([
    { body: "one; two; three", comment: "it's; quoted" },
  ]);
});

test("a server that can't be reached is P1001, one that rejects the password P1000", async () => {
  const unreachable = await prisma("postgresql://postgres:postgres@localhost:1/nowhere", ["migrate", "deploy"]);
  expect(unreachable).toMatchObject({
    code: 1,
    output: expect.stringContaining("P1001: Can't reach database server at `localhost:1`") as string,
  });

  const url = new URL(inject("serverUrl"));
  url.password = "wrong";
  expect(await prisma(url.href, ["migrate", "deploy"])).toMatchObject({ code: 1, output: expect.stringContaining("P1000") as string });
});
