import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BASELINE, createEmptyDatabase, EXTRAS, LISTINGS, newDatabaseUrl, OVERVIEW, query, recorded } from "./empty-database.js";
import { copyProject, prisma } from "./prisma-cli.js";

const ALL = [
  { name: BASELINE, finished: true, steps: 1 },
  { name: EXTRAS, finished: true, steps: 1 },
  { name: LISTINGS, finished: true, steps: 1 },
  { name: OVERVIEW, finished: true, steps: 1 },
];

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
  expect(await query(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
});

test("migrate status tells pending migrations from an up-to-date database", async () => {
  const url = await createEmptyDatabase();
  const before = await prisma(url, ["migrate", "status"]);
  expect(before.code).toBe(1);
  expect(before.output).toContain("have not yet been applied");
  expect(before.output).toContain(EXTRAS);

  await prisma(url, ["migrate", "deploy"]);
  const after = await prisma(url, ["migrate", "status"]);
  expect(after).toMatchObject({ code: 0, output: expect.stringContaining("Database schema is up to date!") as string });
});

test("migrate resolve takes over the table of HephaestusEcto with its rows", async () => {
  const url = await createEmptyDatabase();
  await query(url, await readFile(new URL("../fixtures/ecto-schema.sql", import.meta.url), "utf8"));
  await query(url, `INSERT INTO workflow_instances VALUES ('order::1', 'Order', 'waiting', '{"active_steps":["pay"]}', now(), now(), 2)`);
  const rows = await query(url, "SELECT * FROM workflow_instances");

  expect(await prisma(url, ["migrate", "deploy"])).toMatchObject({ code: 1, output: expect.stringContaining("P3005") as string });
  expect(await prisma(url, ["migrate", "resolve", "--applied", BASELINE])).toMatchObject({ code: 0 });
  expect(await prisma(url, ["migrate", "deploy"])).toMatchObject({ code: 0, output: expect.stringContaining(EXTRAS) as string });

  expect(await query(url, "SELECT * FROM workflow_instances")).toEqual(rows);
  const diff = await prisma(url, ["migrate", "diff", "--from-config-datasource", "--to-schema", "prisma", "--exit-code"]);
  expect(diff).toMatchObject({ code: 0 });
});

test("a migration that fails is P3018 with the database's words, and P3009 from then on until it is resolved", async () => {
  const url = await createEmptyDatabase();
  const broken = "20260102000000_broken";
  const project = await projectWith(broken, `CREATE TABLE left_behind (id int);\n\nINSERT INTO left_behind VALUES ('x');`);

  const failed = await prisma(url, ["migrate", "deploy"], { project });
  expect(failed.code).toBe(1);
  expect(failed.output).toContain("P3018");
  expect(failed.output).toContain(`Migration name: ${broken}`);
  expect(failed.output).toContain("Database error code: 22P02");
  expect(failed.output).toContain(`ERROR: invalid input syntax for type integer: "x" (line 3 of the script)`);
  expect(await query(url, "SELECT to_regclass('left_behind') AS table")).toEqual([{ table: null }]);

  const refused = await prisma(url, ["migrate", "deploy"], { project });
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining("P3009") as string });

  await writeFile(join(project, "prisma/migrations", broken, "migration.sql"), "CREATE TABLE left_behind (id int);");
  expect(await prisma(url, ["migrate", "resolve", "--rolled-back", broken], { project })).toMatchObject({ code: 0 });
  expect(await prisma(url, ["migrate", "deploy"], { project })).toMatchObject({ code: 0 });
});

test("a script reaches the server whole: semicolons in bodies, strings and comments don't cut it", async () => {
  const url = await createEmptyDatabase();
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

test("a server that can't be reached is P1001, one that refuses the password P1000", async () => {
  const unreachable = await prisma("postgresql://postgres:postgres@localhost:1/nowhere", ["migrate", "deploy"]);
  expect(unreachable).toMatchObject({
    code: 1,
    output: expect.stringContaining("P1001: Can't reach database server at `localhost:1`") as string,
  });

  const url = new URL(await createEmptyDatabase());
  url.password = "wrong";
  expect(await prisma(url.href, ["migrate", "deploy"])).toMatchObject({ code: 1, output: expect.stringContaining("P1000") as string });
});
