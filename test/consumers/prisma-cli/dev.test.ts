import { appendFile, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { deployMigrations } from "hephaestus-prisma/migrate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type PostgresServer, startPostgres } from "../../../tools/postgres-server.js";
import { createEmptyDatabase, MIGRATIONS, query, recorded } from "../../migrate/empty-database.js";
import { copyProject, prisma } from "../../migrate/prisma-cli.js";

const NOTE = "\nmodel Note {\n  id   Int    @id\n  body String\n}\n";

// A separate server, on which no other test creates shadow databases.
let server: PostgresServer;
beforeAll(async () => void (server = await startPostgres()));
afterAll(() => server.stop());

const createDatabase = (): Promise<string> => createEmptyDatabase(server.url());

function shadowDatabases(): Promise<unknown[]> {
  return query(server.url(), "SELECT datname FROM pg_database WHERE starts_with(datname, 'prisma_migrate_shadow_db')");
}

test("migrate dev applies pending migrations, then reports that none is pending", async () => {
  const url = await createDatabase();
  expect(await prisma(url, ["migrate", "dev"])).toMatchObject({ code: 0, output: expect.stringContaining("now in sync") as string });
  const again = await prisma(url, ["migrate", "dev"]);
  expect(again).toMatchObject({ code: 0, output: expect.stringContaining("no schema change or pending migration was found") as string });
});

test("migrate dev writes a migration for a change of the schema, and leaves no shadow database", async () => {
  const url = await createDatabase();
  const project = await copyProject();
  await appendFile(join(project, "prisma/schema.prisma"), NOTE);

  expect(await prisma(url, ["migrate", "dev", "--name", "add_note"], { project })).toMatchObject({ code: 0 });

  const migrations = join(project, "prisma/migrations");
  const [added = ""] = (await readdir(migrations)).filter((name) => name.endsWith("_add_note"));
  const script = await readFile(join(migrations, added, "migration.sql"), "utf8");
  expect(script).toContain(`CREATE TABLE "Note"`);
  expect(script).not.toContain("workflow_instance"); // neither the table nor the view
  expect((await recorded(url)).map(({ name }) => name)).toContain(added);
  expect(await shadowDatabases()).toEqual([]);
});

test("migrate dev reuses a given shadow database, and never changes the main one", async () => {
  const url = await createDatabase();
  const project = await copyProject();
  const given = { project, env: { SHADOW_DATABASE_URL: await createDatabase() } };
  await appendFile(join(project, "prisma/schema.prisma"), NOTE);

  expect(await prisma(url, ["migrate", "dev", "--name", "add_note"], given)).toMatchObject({ code: 0 });
  expect(await prisma(url, ["migrate", "dev"], given)).toMatchObject({
    code: 0,
    output: expect.stringContaining("Already in sync") as string,
  });

  const same = await prisma(url, ["migrate", "dev"], { project, env: { SHADOW_DATABASE_URL: url } });
  expect(same).toMatchObject({ code: 1, output: expect.stringContaining("same as the main database") as string });
});

test("migrate dev names the migration that fails on the shadow database", async () => {
  const url = await createDatabase();
  const project = await copyProject();
  await appendFile(join(project, "prisma/migrations/20260101000001_extras/migration.sql"), "\nSELEC 1;");

  const { code, output } = await prisma(url, ["migrate", "dev"], { project });
  expect(code).toBe(1);
  expect(output).toContain("P3006");
  expect(output).toContain("Migration `20260101000001_extras` failed to apply cleanly to the shadow database");
  expect(output).toContain(`syntax error at or near "SELEC"`);
  expect(await shadowDatabases()).toEqual([]);
});

test("migrate reset empties the database and deploys again", async () => {
  const url = await createDatabase();
  await deployMigrations(new PrismaPg({ connectionString: url }));
  await query(url, "CREATE TABLE stray (id int)");

  expect(await prisma(url, ["migrate", "reset", "--force"])).toMatchObject({ code: 0 });
  expect(await query(url, "SELECT to_regclass('stray') AS table")).toEqual([{ table: null }]);
  expect(await recorded(url)).toHaveLength(MIGRATIONS.length);
});

test("db push gives an empty database the schema, and db execute runs a script on it", async () => {
  const url = await createDatabase();
  expect(await prisma(url, ["db", "push"])).toMatchObject({ code: 0, output: expect.stringContaining("now in sync") as string });
  const diff = await prisma(url, ["migrate", "diff", "--from-config-datasource", "--to-schema", "prisma", "--exit-code"]);
  expect(diff).toMatchObject({ code: 0 });

  const script = "INSERT INTO workflow_instances (id, workflow) VALUES ('a;b', 'Order'); DELETE FROM workflow_instances WHERE id = ';';";
  expect(await prisma(url, ["db", "execute", "--stdin"], { input: script })).toMatchObject({ code: 0 });
  expect(await query(url, "SELECT id FROM workflow_instances")).toEqual([{ id: "a;b" }]);
});
