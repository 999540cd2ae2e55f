import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { freePort } from "../../tools/free-port.js";
import { createEmptyDatabase, MIGRATIONS, newDatabaseUrl, query, recorded } from "../migrate/empty-database.js";
import { CONFIG, createProject, NOTES, type Project, projectOf, ROOT } from "./project.js";
import { run } from "./program.js";

const DEPLOY = ["migrate", "deploy"];
const STATUS = ["migrate", "status"];
const NOTES_MIGRATION = "20260301000000_notes";

const applied = async (url: string): Promise<unknown[]> => (await recorded(url)).map(({ name }) => name);
const descriptionOf = (url: string, schema = "public"): string => {
  const { hostname, port, pathname } = new URL(url);
  return `database "${pathname.slice(1)}", schema "${schema}" at ${hostname}:${port}:`;
};

/** A project with a migration of its own. */
async function withNotes(): Promise<Project> {
  const project = await createProject();
  await project.write({ [`prisma/migrations/${NOTES_MIGRATION}/migration.sql`]: NOTES });
  return project;
}

/** A folder in which this package is installed, and none of the optional ones. */
async function installedAlone(): Promise<{ readonly folder: string; readonly program: string; readonly modules: string }> {
  const { folder } = await projectOf({}, []);
  const installed = join(folder, "node_modules/hephaestus-prisma");
  for (const path of ["dist", "prisma", "package.json"]) await cp(join(ROOT, path), join(installed, path), { recursive: true });
  const modules = join(installed, "node_modules");
  await mkdir(modules);
  await symlink(join(ROOT, "node_modules/superjson"), join(modules, "superjson"));
  return { folder, program: join(installed, "dist/cli/main.js"), modules };
}

describe("hephaestus-prisma migrate", () => {
  it("brings a fresh project from init to a database that is as its schema says", async () => {
    const project = await withNotes();
    const url = newDatabaseUrl();
    expect((await project.run(["init"])).code).toBe(0);
    expect(await project.prisma(["generate"], url)).toMatchObject({ code: 0 });
    expect(Object.keys(await project.files())).toContain("generated/models/WorkflowInstance.ts");
    const names = await project.migrations();
    expect(names).toEqual([NOTES_MIGRATION, ...names.filter((name) => name.includes("_hephaestus_"))]);

    const first = await project.run(DEPLOY, url);
    expect(first).toEqual({ code: 0, out: [descriptionOf(url), ...names.map((name) => `applied ${name}`), ""].join("\n"), err: "" });
    expect(await applied(url)).toEqual(names);
    expect(await query(url, `SELECT (SELECT count(*)::int FROM workflow_instances) + (SELECT count(*)::int FROM "Note") AS rows`)).toEqual([
      { rows: 0 },
    ]);
    expect((await project.run(DEPLOY, url)).out).toBe(`${descriptionOf(url)}\nnothing was pending\n`);
    expect((await project.run(STATUS, url)).out).toBe(`${descriptionOf(url)}\nup to date, ${names.length} applied\n`);

    const diff = ["migrate", "diff", "--from-config-datasource", "--to-schema", "prisma", "--exit-code"];
    expect(await project.prisma(diff, url)).toMatchObject({ code: 0 });
  });

  it("reports what is pending, edited and missing, and what to do about it", async () => {
    const project = await withNotes();
    const url = await createEmptyDatabase();
    const behind = await project.run(STATUS, url);
    expect(behind).toEqual({
      code: 1,
      out: `${descriptionOf(url)}
pending ${NOTES_MIGRATION}

Apply what is pending:
  npx hephaestus-prisma migrate deploy
`,
      err: "",
    });
    await project.run(DEPLOY, url);

    await project.write({ [`prisma/migrations/${NOTES_MIGRATION}/migration.sql`]: `${NOTES}-- edited` });
    const edited = await project.run(STATUS, url);
    expect(edited.code).toBe(0);
    expect(edited.out).toContain(`edited ${NOTES_MIGRATION}\nup to date, 1 applied\n\nEdited ones were applied with another script`);

    await project.remove(`prisma/migrations/${NOTES_MIGRATION}`);
    const missing = await project.run([...STATUS, "--json"], url);
    expect(missing.code).toBe(1);
    expect(JSON.parse(missing.out)).toEqual({
      migrations: "prisma/migrations",
      applied: [],
      pending: [],
      failed: [],
      edited: [],
      missing: [NOTES_MIGRATION],
    });
  });

  it("names the migration that failed, what the database said, and the command that fixes it", async () => {
    const project = await createProject();
    const url = await createEmptyDatabase();
    await project.write({ "prisma/migrations/1_broken/migration.sql": "SELECT 1;\nSELEC 2;" });
    const fix =
      "Fix what failed, mark the migration as rolled back, and deploy again:\n  npx prisma migrate resolve --rolled-back 1_broken\n";

    const failed = await project.run(DEPLOY, url);
    expect(failed).toMatchObject({ code: 1, out: "" });
    expect(failed.err).toMatch(/^hephaestus-prisma: P3018: A migration failed to apply/);
    expect(failed.err).toContain(`ERROR: syntax error at or near "SELEC" (line 2 of the script)`);
    expect(failed.err).toContain(fix);
    expect(failed.err).not.toMatch(/^ +at /m);

    const rejected = await project.run(DEPLOY, url);
    expect(rejected).toMatchObject({ code: 1, out: "" });
    expect(rejected.err).toContain("hephaestus-prisma: P3009: ");
    expect(rejected.err).toContain(fix);
    const status = await project.run(STATUS, url);
    expect(status).toMatchObject({ code: 1, err: "" });
    expect(status.out).toContain(`failed 1_broken\n\n${fix}`);

    await project.write({ "prisma/migrations/1_broken/migration.sql": "SELECT 1;" });
    expect(await project.prisma(["migrate", "resolve", "--rolled-back", "1_broken"], url)).toMatchObject({ code: 0 });
    expect((await project.run(DEPLOY, url)).out).toContain("applied 1_broken\n");
  });

  it("deploys a project's own migrations where init has not run, and says so as long as the table has no other name", async () => {
    const [project, url] = [await withNotes(), await createEmptyDatabase()];
    const lack = `
none of the migrations in prisma/migrations is this package's, which create the table of the instances. Run first:
  npx hephaestus-prisma init
`;
    expect(await project.run(DEPLOY, url)).toEqual({
      code: 1,
      out: `${descriptionOf(url)}\napplied ${NOTES_MIGRATION}\n${lack}`,
      err: "",
    });
    expect(await project.run(DEPLOY, url)).toMatchObject({ code: 1, out: `${descriptionOf(url)}\nnothing was pending\n${lack}` });
    await project.write({ "prisma/runs.prisma": 'model WorkflowInstance {\n  id String @id\n  @@map("runs")\n}\n' });
    expect(await project.run(DEPLOY, url)).toMatchObject({ code: 0, out: `${descriptionOf(url)}\nnothing was pending\n` });
  });

  it("marks a migration as applied, or one that failed as rolled back, and names these commands in a project without Prisma", async () => {
    const project = await projectOf({ "elsewhere/migration_lock.toml": 'provider = "postgresql"\n' }, []);
    const url = await createEmptyDatabase();
    const elsewhere = ["--migrations", "elsewhere"];
    await project.write({ "elsewhere/1_broken/migration.sql": "SELEC 2;" });
    const failed = await project.run([...DEPLOY, ...elsewhere], url);
    expect(failed.err).toContain("\n  npx hephaestus-prisma migrate resolve --rolled-back 1_broken\n");
    expect(await project.run(["migrate", "resolve", "--rolled-back", "1_broken", ...elsewhere], url)).toEqual({
      code: 0,
      out: `${descriptionOf(url)}\nmarked 1_broken as rolled-back\n`,
      err: "",
    });
    expect((await project.run([...STATUS, ...elsewhere], url)).out).toContain("pending 1_broken\n");
    const { out } = await project.run(["migrate", "resolve", "--applied", "1_broken", "--json", ...elsewhere], url);
    expect(JSON.parse(out)).toEqual({ migrations: "elsewhere", resolved: "1_broken", as: "applied" });
    expect((await project.run([...STATUS, ...elsewhere], url)).out).toContain("up to date, 1 applied\n");
    const again = await project.run(["migrate", "resolve", "--applied", "1_broken", ...elsewhere], url);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining("P3008") as string });
  });

  it("says how to take over HephaestusEcto's table, by the name that the baseline has here", async () => {
    const project = await createProject();
    const url = await createEmptyDatabase();
    await query(url, await readFile(join(ROOT, "test/fixtures/ecto-schema.sql"), "utf8"));
    await project.run(["init"]);
    const [baseline = "", ...others] = await project.migrations();

    const { code, err } = await project.run(DEPLOY, url);
    expect(code).toBe(1);
    expect(err).toContain("hephaestus-prisma: P3005: ");
    expect(err).toContain(`run this once:\n  npx prisma migrate resolve --applied ${baseline}\n`);
    expect(await project.prisma(["migrate", "resolve", "--applied", baseline], url)).toMatchObject({ code: 0 });
    const { out } = await project.run([...DEPLOY, "--json"], url);
    expect(JSON.parse(out)).toEqual({ migrations: "prisma/migrations", applied: others });
  });

  it("deploys this package's own migrations outside a project, and those of a folder that is named", async () => {
    const url = await createEmptyDatabase();
    const nothing = await projectOf({}, []);
    const { out } = await nothing.run([...DEPLOY, "--json"], `${url}?schema=flows`);
    expect(JSON.parse(out)).toMatchObject({ applied: MIGRATIONS });
    expect(await recorded(url, "flows")).toHaveLength(MIGRATIONS.length);

    await nothing.write({ "elsewhere/1_notes/migration.sql": NOTES });
    const named = await nothing.run([...DEPLOY, "--migrations", "elsewhere"], url);
    expect(named).toEqual({ code: 0, out: `${descriptionOf(url)}\napplied 1_notes\n`, err: "" });
  });

  it("takes the database of --url before the config's, and that before DATABASE_URL", async () => {
    const [named, configured, unused] = await Promise.all([createEmptyDatabase(), createEmptyDatabase(), createEmptyDatabase()]);
    const project = await withNotes();
    await project.write({ "prisma.config.ts": CONFIG.replace(`env("DATABASE_URL")`, `"${configured}"`) });
    expect((await project.run([...DEPLOY, "--url", named], unused)).out).toContain(descriptionOf(named));
    expect((await project.run(DEPLOY, unused)).out).toContain(descriptionOf(configured));
    expect(await query(unused, "SELECT to_regclass('_prisma_migrations') AS table")).toEqual([{ table: null }]);
  });

  it("asks for what the config asks for", async () => {
    const project = await withNotes();
    await project.write({ "prisma.config.ts": CONFIG.replace("DATABASE_URL", "DIRECT_URL") });
    expect(await project.run(DEPLOY, newDatabaseUrl())).toEqual({
      code: 2,
      out: "",
      err: "hephaestus-prisma: which database? Set DIRECT_URL, which the Prisma config asks for, or give --url\nnpx hephaestus-prisma migrate --help lists its options.\n",
    });
    await project.write({ "prisma.config.ts": CONFIG.replace(`url: env("DATABASE_URL")`, `shadowDatabaseUrl: env("SHADOW_URL")`) });
    expect((await project.run(DEPLOY)).err).toContain("which database? Set DATABASE_URL or give --url");
  });

  it("reports a server that can't be reached, a wrong password and a missing database, and no secret", async () => {
    const project = await withNotes();
    const port = await freePort();
    const rejected = new URL(await createEmptyDatabase());
    rejected.password = "secret";
    for (const [args, url, message] of [
      [DEPLOY, `postgresql://me:secret@127.0.0.1:${port}/none`, `P1001: Can't reach database server at \`127.0.0.1:${port}\``],
      [DEPLOY, rejected.href, "P1000: Authentication failed"],
      [STATUS, newDatabaseUrl(), "P1003: "],
    ] as const) {
      const { code, out, err } = await project.run(args, url);
      expect({ code, out }).toEqual({ code: 1, out: "" });
      expect(err).toContain(`hephaestus-prisma: ${message}`);
      expect(err).not.toMatch(/secret|^ +at /m);
    }
  });

  it("takes the URL of prisma dev, which holds that of the database", async () => {
    const url = await createEmptyDatabase();
    const key = Buffer.from(JSON.stringify({ name: "default", databaseUrl: `${url}?schema=flows` })).toString("base64");
    const nothing = await projectOf({}, []);
    expect(await nothing.run(DEPLOY, `prisma+postgres://localhost:51213/?api_key=${key}`)).toMatchObject({ code: 0, err: "" });
    expect(await recorded(url, "flows")).toHaveLength(MIGRATIONS.length);
  });

  it("names all packages that it needs if one is not installed", async () => {
    const { folder: cwd, program } = await installedAlone();
    const { code, out, err } = await run(DEPLOY, newDatabaseUrl(), { cwd, program });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("npm install @prisma/adapter-pg@7 @prisma/driver-adapter-utils@7 @prisma/schema-engine-wasm pg\n");
    expect(err).not.toMatch(/^ +at /m);
  });

  it.each([
    ["yarn/4.18.0 npm/? node/v24.0.0", "yarn add"],
    ["pnpm/12.0.0 npm/? node/v24.0.0", "pnpm add"],
  ])("names the package manager that has started it: %s", async (agent, command) => {
    const { folder: cwd, program } = await installedAlone();
    const { err } = await run(DEPLOY, newDatabaseUrl(), { cwd, program, env: { npm_config_user_agent: agent } });
    expect(err).toContain(`\n  ${command} @prisma/adapter-pg@7 `);
  });

  it("takes an error of Yarn's Plug'n'Play for a missing package", async () => {
    const { folder: cwd, program } = await installedAlone();
    // Plug'n'Play resolves in place of Node, and throws errors of its own.
    await writeFile(join(cwd, "pnp.mjs"), `import { register } from "node:module"; register("./resolve.mjs", import.meta.url);`);
    await writeFile(
      join(cwd, "resolve.mjs"),
      `export function resolve(name, context, next) {
         if (name !== "@prisma/adapter-pg" && name !== "pg") return next(name, context);
         throw Object.assign(new Error("Your application tried to access " + name + "\\n\\nRequired by: …"), { code: "MODULE_NOT_FOUND" });
       }`,
    );
    const env = { NODE_OPTIONS: `--import ${join(cwd, "pnp.mjs")}` };
    const { code, err } = await run(DEPLOY, newDatabaseUrl(), { cwd, program, env });
    expect(code).toBe(1);
    expect(err).toContain("is not installed (Your application tried to access");
    expect(err).toContain("Install it:\n  npm install @prisma/adapter-pg@7");
    const list = await run(["list"], newDatabaseUrl(), { cwd, program, env });
    expect(list.err).toContain("Install it:\n  npm install pg\n");
  });

  it("names the version of a schema engine that doesn't fit", async () => {
    const { folder: cwd, program, modules } = await installedAlone();
    for (const name of ["@prisma/adapter-pg", "@prisma/driver-adapter-utils", "pg"]) {
      await mkdir(dirname(join(modules, name)), { recursive: true });
      await symlink(join(ROOT, "node_modules", name), join(modules, name));
    }
    const engine = join(modules, "@prisma/schema-engine-wasm");
    await cp(join(ROOT, "node_modules/@prisma/schema-engine-wasm"), engine, { recursive: true });
    const manifest = await readFile(join(engine, "package.json"), "utf8");
    await writeFile(join(engine, "package.json"), manifest.replace(/"version": ".*"/, `"version": "9.0.0-1.abc"`));
    await writeFile(join(engine, "schema_engine_bg.js"), "export const __wbg_set_wasm = () => {};");
    const { code, out, err } = await run(DEPLOY, await createEmptyDatabase(), { cwd, program });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/@prisma\/schema-engine-wasm can't be started \(.*\): found 9\.0\.0-1\.abc, expected a version like 8\.1\.0-/);
    expect(err).toContain("Install that one:\n  npm install @prisma/schema-engine-wasm@8.1.0-");
  });

  it.each([
    [["migrate"], "expected migrate deploy, migrate status or migrate resolve, found migrate\n"],
    [["migrate", "reset"], "expected migrate deploy, migrate status or migrate resolve, found migrate reset\n"],
    [["migrate", "deploy", "status"], "expected migrate deploy, migrate status or migrate resolve, found migrate deploy status\n"],
    [["migrate", "deploy", "--force"], "Unknown option '--force'"],
    [["migrate", "deploy", "--url", "mysql://me:secret@localhost/x"], "The provided database string is invalid"],
  ])("rejects the command line %j", async (args, message) => {
    const { code, out, err } = await (await withNotes()).run(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(`hephaestus-prisma: ${message}`);
    expect(err).not.toMatch(/secret|^ +at /m);
  });

  it("reports a project without migrations", async () => {
    expect(await (await createProject()).run(DEPLOY, newDatabaseUrl())).toMatchObject({
      code: 1,
      out: "",
      err: "hephaestus-prisma: there is no folder prisma/migrations: create it with npx hephaestus-prisma init, or name another with --migrations\n",
    });
  });

  it("explains itself", async () => {
    expect((await run(["migrate", "--help"])).out).toContain("hephaestus-prisma migrate status [options]");
    expect((await run(["init", "--help"])).out).toContain("--folder");
    expect((await run(["--help"])).out).toContain("init     add the model and the migrations to your project");
  });
});
