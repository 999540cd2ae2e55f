import { lstat, mkdir, readFile, readlink, rename, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BASELINE, createEmptyDatabase, EXTRAS, MIGRATIONS } from "../migrate/empty-database.js";
import { CONFIG, createProject, NOTES, type Project, projectOf, ROOT, SCHEMA } from "./project.js";

const MODEL = await readFile(join(ROOT, "prisma/workflow-instance.prisma"), "utf8");
const COPIED = MIGRATIONS.map((name) => name.replace(/^\d{14}_/, "hephaestus_"));

const ownScript = (name: string): Promise<string> => readFile(join(ROOT, "prisma/migrations", name, "migration.sql"), "utf8");
const suffixes = async (project: Project): Promise<string[]> => (await project.migrations()).map((name) => name.replace(/^\d{14}_/, ""));

/** Without a `DATABASE_URL`, which its config asks for. */
const init = (project: Project, ...args: string[]): ReturnType<Project["run"]> => project.run(["init", ...args]);

describe("hephaestus-prisma init", () => {
  it("puts the model and the migrations into a project, without a database, and changes nothing the second time", async () => {
    const project = await createProject();
    const begin = new Date().toISOString().replaceAll(/\D/g, "").slice(0, 14);
    const { code, out, err } = await init(project);
    expect({ code, err }).toEqual({ code: 0, err: "" });

    const names = await project.migrations();
    const [baseline = "", extras = ""] = names;
    expect(await suffixes(project)).toEqual(COPIED);
    expect(baseline >= begin).toBe(true);
    expect(out).toBe(`created prisma/workflow-instance.prisma
created prisma/migrations/migration_lock.toml
${names.map((name) => `created prisma/migrations/${name}/migration.sql`).join("\n")}

Next:
  npx prisma generate
  npx prisma migrate deploy

A storage calls Prisma's verbs. For SQL (exact digits, containment, faster puts), name its table:
  createPrismaStorage(prisma, { table: "public.workflow_instances" })
where public is a guess: ?schema= of DATABASE_URL, which is not set here, may name another schema
`);
    expect((await init(project, "--ecto")).out).toContain(`
Next:
  npx prisma migrate resolve --applied ${baseline}
  npx prisma generate
  npx prisma migrate deploy
`);
    expect(await project.read("prisma/workflow-instance.prisma")).toBe(MODEL);
    expect(await project.read(`prisma/migrations/${extras}/migration.sql`)).toBe(await ownScript(EXTRAS));
    expect(await project.read(`prisma/migrations/${baseline}/migration.sql`)).toBe(
      (await ownScript(BASELINE)).replace(`resolve --applied ${BASELINE}`, `resolve --applied ${baseline}`),
    );
    expect(await project.read("prisma/migrations/migration_lock.toml")).toContain('provider = "postgresql"');

    const before = await project.files();
    const again = await init(project);
    expect(again).toMatchObject({ code: 0, err: "" });
    expect(again.out).toBe(out.replaceAll("created ", "unchanged "));
    expect(await project.files()).toEqual(before);
  });

  it("puts its migrations after the latest of the project, whatever the clock says", async () => {
    const project = await createProject();
    await project.write({ "prisma/migrations/20991231235958_notes/migration.sql": NOTES, "prisma/migrations/0_init/migration.sql": "" });
    expect((await init(project)).code).toBe(0);
    expect(await suffixes(project)).toEqual(["0_init", "notes", ...COPIED]);
  });

  it("adds only what a newer version brings, also after migrations that were copied by hand", async () => {
    const project = await createProject();
    await init(project);
    const older = await project.migrations();
    await project.remove(`prisma/migrations/${older.pop()}`);
    await project.write({ "prisma/migrations/20991231235958_notes/migration.sql": NOTES });
    expect((await init(project)).code).toBe(0);
    expect(await project.migrations()).toEqual([...older, "20991231235958_notes", `20991231235959_${COPIED.at(-1)}`]);

    const copied = await createProject();
    await copied.write({
      [`prisma/migrations/${BASELINE}/migration.sql`]: (await ownScript(BASELINE)).replaceAll("\n", "\r\n"),
      [`prisma/migrations/${EXTRAS}/migration.sql`]: await ownScript(EXTRAS),
    });
    const { code, out } = await init(copied, "--ecto");
    expect(code).toBe(0);
    expect(await suffixes(copied)).toEqual(["baseline", "extras", ...COPIED.slice(2)]);
    expect(out).toContain(`npx prisma migrate resolve --applied ${BASELINE}\n`);
  });

  it("reports what differs and leaves it, unless --force replaces the model file", async () => {
    const project = await createProject();
    await init(project);
    const [, extras = ""] = await project.migrations();
    const script = `prisma/migrations/${extras}/migration.sql`;
    const mine = { [script]: "SELECT 1;", "prisma/workflow-instance.prisma": MODEL.replace("@default(1)", "@default(2)") };
    await project.write(mine);

    const reported = await init(project);
    expect(reported).toMatchObject({ code: 1, err: "" });
    expect(reported.out).toContain("prisma/workflow-instance.prisma differs from this package's: it is left as it is. Compare it with");
    expect(reported.out).toContain("node_modules/hephaestus-prisma/prisma/workflow-instance.prisma");
    expect(reported.out).toContain(`${script} differs from this package's: it is left as it is.`);
    expect(await project.files()).toMatchObject(mine);

    const forced = await init(project, "--force");
    expect(forced.code).toBe(1);
    expect(forced.out).toContain("replaced prisma/workflow-instance.prisma\n");
    expect(await project.files()).toMatchObject({ [script]: "SELECT 1;", "prisma/workflow-instance.prisma": MODEL });

    await project.write({ [script]: await ownScript(EXTRAS) });
    expect((await init(project)).code).toBe(0);
  });

  it("prints what it would do in a dry run, also as data", async () => {
    const project = await createProject();
    const before = await project.files();
    const { code, out, err } = await init(project, "--dry-run");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("would create prisma/workflow-instance.prisma\nwould create prisma/migrations/migration_lock.toml\n");

    const reported = await init(project, "--dry-run", "--json");
    expect(await project.files()).toEqual(before);
    expect(JSON.parse(reported.out)).toEqual({
      dryRun: true,
      actions: [
        { action: "create", path: "prisma/workflow-instance.prisma" },
        { action: "create", path: "prisma/migrations/migration_lock.toml" },
        ...COPIED.map((suffix) => ({
          action: "create",
          path: expect.stringMatching(new RegExp(`^prisma/migrations/\\d{14}_${suffix}/migration.sql$`)) as string,
        })),
      ],
      next: ["npx prisma generate", "npx prisma migrate deploy"],
      table: "public.workflow_instances",
      afterHephaestusEcto: [expect.stringMatching(/^npx prisma migrate resolve --applied \d{14}_hephaestus_baseline$/) as string],
    });
  });

  it("prints nothing but its result, whatever a config prints", async () => {
    const project = await createProject();
    await project.write({ "prisma.config.ts": `console.log("dotenv is loud");\n${CONFIG}` });
    const { out, err } = await init(project, "--json");
    expect(JSON.parse(out)).toMatchObject({ dryRun: false });
    expect(err).toContain("dotenv is loud\n");
  });

  it("links the model to the installed package's, in place of one that differs too", async () => {
    const project = await createProject();
    expect((await init(project, "--link")).out).toContain("linked prisma/workflow-instance.prisma\n");
    const path = join(project.folder, "prisma/workflow-instance.prisma");
    expect(await readlink(path)).toBe("../node_modules/hephaestus-prisma/prisma/workflow-instance.prisma");
    expect(await project.read("prisma/workflow-instance.prisma")).toBe(MODEL);
    expect(await project.prisma(["validate"])).toMatchObject({ code: 0 });
    expect((await init(project)).out).toContain("unchanged prisma/workflow-instance.prisma\n");

    await project.remove("prisma/workflow-instance.prisma");
    await project.write({ "prisma/workflow-instance.prisma": "// mine\n" });
    expect(await init(project, "--link")).toMatchObject({ code: 1 });
    expect((await init(project, "--link", "--force")).code).toBe(0);
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
  });

  it("recognises the model wherever it is in the schema, and another that has its table", async () => {
    const project = await createProject();
    await project.write({ "prisma/models/flows.prisma": MODEL.replaceAll("  ", " ").replaceAll(/\/\/\/.*\n/g, "") });
    const { code, out } = await init(project);
    expect(code).toBe(0);
    expect(out).toContain("unchanged prisma/models/flows.prisma\n");
    expect(Object.keys(await project.files())).not.toContain("prisma/workflow-instance.prisma");

    await project.write({ "prisma/models/flows.prisma": `model Flow {\n  id String @id\n\n  @@map(name: "workflow_instances")\n}\n` });
    for (const args of [[], ["--force"]]) {
      const reported = await init(project, ...args);
      expect(reported.code).toBe(1);
      expect(reported.out).toContain("prisma/models/flows.prisma differs from this package's: it is left as it is.");
      expect(reported.out).not.toContain("--force");
    }
  });
});

describe("hephaestus-prisma init in a project whose schema is one file", () => {
  const SINGLE = { "prisma.config.ts": CONFIG.replace(`"prisma",`, `"prisma/schema.prisma",`), "prisma/schema.prisma": SCHEMA };
  const INSTALLED = ["prisma", "@prisma", "hephaestus-prisma"];

  it("appends the model to it, once", async () => {
    const project = await projectOf(SINGLE, INSTALLED);
    const { code, out } = await init(project);
    expect(code).toBe(0);
    expect(out).toContain("appended to prisma/schema.prisma\n");
    expect(await project.read("prisma/schema.prisma")).toBe(`${SCHEMA}\n${MODEL}`);
    expect(await suffixes(project)).toEqual(COPIED);
    expect(await project.prisma(["format"])).toMatchObject({ code: 0 });

    const before = await project.files();
    const again = await init(project);
    expect(again.code).toBe(0);
    expect(again.out).toContain("unchanged prisma/schema.prisma\n");
    expect(await project.files()).toEqual(before);
  });

  it.each(["--folder", "--link"])("prints with %s how it becomes a folder, and writes nothing", async (option) => {
    const project = await projectOf(SINGLE, INSTALLED);
    expect(await init(project, option)).toEqual({
      code: 1,
      out: "",
      err: `hephaestus-prisma: prisma/schema.prisma is a schema of one file, and the model would be a file of its own. Make the schema a folder, in prisma.config.ts:
  schema: "prisma",
then run this again; or leave --folder and --link out, and the model is appended to the file.
`,
    });
    expect(await project.files()).toEqual(SINGLE);
    await project.write({ "prisma.config.ts": CONFIG });
    expect((await init(project, option)).code).toBe(0);
    expect(await project.prisma(["validate"])).toMatchObject({ code: 0 });
  });

  it("says which folder to make if the file's own won't do", async () => {
    const datasource = `datasource: { url: "postgresql://nobody@127.0.0.1:1/nothing" }`;
    const project = await projectOf({ "prisma.config.ts": `export default { ${datasource} };`, "schema.prisma": SCHEMA }, INSTALLED);
    const { code, err } = await init(project, "--folder");
    expect(code).toBe(1);
    expect(err).toContain(`:
  mkdir prisma
  mv schema.prisma prisma/
and in prisma.config.ts (a relative output of the generator begins with one more ../ then):
  schema: "prisma",
  migrations: { path: "migrations" },
then run`);
    await mkdir(join(project.folder, "prisma"));
    await rename(join(project.folder, "schema.prisma"), join(project.folder, "prisma/schema.prisma"));
    await project.write({ "prisma.config.ts": `export default { schema: "prisma", migrations: { path: "migrations" }, ${datasource} };` });
    expect((await init(project)).out).toContain("created migrations/migration_lock.toml");

    const crowded = await projectOf({ ...SINGLE, "prisma/old/schema.prisma": SCHEMA }, INSTALLED);
    expect((await init(crowded, "--folder")).err).toContain(`  mkdir prisma/schema\n  mv prisma/schema.prisma prisma/schema/\n`);
  });
});

describe("hephaestus-prisma init in a project of Prisma 6", () => {
  it("finds the schema that package.json names", async () => {
    const files = { "package.json": `{ "prisma": { "schema": "./db/schema" } }`, "db/schema/main.prisma": SCHEMA };
    const project = await projectOf(files, []);
    expect(await init(project)).toMatchObject({ code: 0, err: "" });
    expect(await project.read("db/schema/workflow-instance.prisma")).toBe(MODEL);
    expect(await project.read("db/schema/migrations/migration_lock.toml")).toContain("postgresql");
  });
});

describe("hephaestus-prisma init in a project with Prisma 8", () => {
  const PRISMA_8 = {
    "node_modules/prisma/package.json": `{ "name": "prisma", "version": "8.0.0-rc.19", "exports": { "./package.json": "./package.json" } }`,
  };

  it("says how to keep Prisma 7 beside it", async () => {
    const project = await projectOf({ "prisma7.config.ts": CONFIG, "prisma/schema.prisma": SCHEMA, ...PRISMA_8 }, []);
    const { code, out, err } = await init(project);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("prisma7.config.ts can't be read: found prisma 8.0.0-rc.19, expected Prisma 6.19 or 7.");
    expect(err).toContain("\n  npm install --save-dev @prisma/prisma7@7\n  npm install @prisma/client@7 @prisma/adapter-pg@7\n");
  });

  it("reads the config through @prisma/prisma7", async () => {
    const prisma7 = "node_modules/@prisma/prisma7";
    const project = await projectOf(
      {
        "prisma7.config.ts": CONFIG.replace("prisma/config", "@prisma/prisma7/config"),
        "prisma/schema.prisma": SCHEMA,
        ...PRISMA_8,
        [`${prisma7}/package.json`]: `{ "name": "@prisma/prisma7", "version": "7.10.0", "exports": { "./package.json": "./package.json", "./config": "./config.js" } }`,
        [`${prisma7}/config.js`]: `module.exports = require("prisma/config");`,
      },
      [],
    );
    await mkdir(join(project.folder, prisma7, "node_modules"));
    await symlink(join(ROOT, "node_modules/prisma"), join(project.folder, prisma7, "node_modules/prisma"));
    expect(await init(project)).toMatchObject({ code: 0, err: "" });
    expect(await project.read("prisma/workflow-instance.prisma")).toBe(MODEL);
  });
});

describe("hephaestus-prisma init and a model that somebody has changed", () => {
  it("accepts what prisma db pull makes of it", async () => {
    const project = await createProject();
    const url = await createEmptyDatabase();
    await init(project);
    expect(await project.run(["migrate", "deploy"], url)).toMatchObject({ code: 0 });
    expect(await project.prisma(["db", "pull"], url)).toMatchObject({ code: 0 });
    expect(await project.read("prisma/workflow-instance.prisma")).not.toBe(MODEL);
    expect(await init(project)).toMatchObject({ code: 0, err: "" });
    expect((await init(project)).out).toContain("unchanged prisma/workflow-instance.prisma\n");
  });

  it.each([
    ["another type", 'state           Json     @default("{}")', 'state           String   @default("{}")'],
    ["another native type", '@map("updated_at") @db.Timestamp(3)', '@map("updated_at") @db.Timestamptz(3)'],
    ["a field less", "  workflow        String   @db.VarChar(255)\n", ""],
    ["another index", "@@index([status, id], map", "@@index([status, workflow], map"],
  ])("reports %s", async (_, text, changed) => {
    const project = await createProject();
    await init(project);
    expect(MODEL).toContain(text);
    await project.write({ "prisma/workflow-instance.prisma": MODEL.replace(text, changed) });
    expect(await init(project)).toMatchObject({ code: 1, out: expect.stringContaining("workflow-instance.prisma differs from") as string });
  });

  it("rejects an enum as the status", async () => {
    const project = await createProject();
    const status = MODEL.replace(/status {10}String .*/, "status          Status   @default(pending)");
    await project.write({ "prisma/workflow-instance.prisma": `${status}\nenum Status {\n  pending\n}\n` });
    const { code, out } = await init(project);
    expect(code).toBe(1);
    expect(out).toContain(
      "prisma/workflow-instance.prisma differs from this package's: its status is of the type Status, and has to stay a String: a CHECK in the database holds it to the five statuses\n",
    );
  });
});

describe("hephaestus-prisma init in a project that can't be read", () => {
  it("needs neither Prisma nor a config for a schema and migrations that are named", async () => {
    const project = await projectOf({ "db/schema/main.prisma": SCHEMA, "prisma.config.ts": "throw new Error('not read');" }, []);
    expect(await init(project)).toEqual({
      code: 1,
      out: "",
      err: "hephaestus-prisma: prisma.config.ts can't be read: prisma is not installed here. Install it:\n  npm install --save-dev prisma@7\nThe config isn't needed if --migrations and --schema (or --url) are given.\n",
    });
    expect((await init(project, "--schema", "db/schema", "--migrations", "db/migrations")).code).toBe(0);
    expect(Object.keys(await project.files())).toContain("db/schema/workflow-instance.prisma");
    expect(Object.keys(await project.files())).toContain("db/migrations/migration_lock.toml");
  });

  it.each([
    [
      "throws",
      { "prisma.config.ts": "throw new Error('at postgresql://me:secret@host/db');" },
      "can't load the Prisma config: at postgresql://me:…@host/db",
    ],
    ["isn't one", { "prisma.config.ts": "export default { scheme: 'prisma' };" }, "can't load the Prisma config: "],
    [
      "names a schema that is missing",
      { "prisma.config.ts": CONFIG },
      "there is no Prisma schema at prisma. Create one with npx prisma@7 init",
    ],
  ])("reports a config that %s", async (_, files, message) => {
    const { code, out, err } = await init(await projectOf(files, ["prisma", "@prisma"]));
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain(`hephaestus-prisma: ${message}`);
    expect(err).not.toMatch(/secret|^ +at /m);
  });

  it.each([
    [
      "no schema",
      {},
      1,
      "there is no Prisma schema here. Create one with npx prisma@7 init --datasource-provider postgresql, or name one that is elsewhere with --schema",
    ],
    [
      "migrations of another database",
      { "prisma/schema.prisma": `${SCHEMA}\n${MODEL}`, "prisma/migrations/migration_lock.toml": 'provider = "sqlite"\n' },
      1,
      'prisma/migrations/migration_lock.toml is of another database: expected provider = "postgresql", found "sqlite"',
    ],
    [
      "a schema of another database",
      { "prisma/schema.prisma": SCHEMA.replace('"postgresql"', '"mysql" // provider = "postgresql"') },
      1,
      'prisma/schema.prisma is of another database: expected provider = "postgresql", found "mysql"',
    ],
  ])("reports %s, and writes nothing", async (_, files, code, message) => {
    const project = await projectOf(files, []);
    const ended = await init(project);
    expect(ended).toMatchObject({ code, out: "" });
    expect(ended.err).toContain(`hephaestus-prisma: ${message}`);
    expect(await project.files()).toEqual(files);
  });

  it.each([
    [["--append"], "Unknown option '--append'"],
    [["--config", "none.ts"], "there is no Prisma config none.ts"],
    [["prisma"], "Unexpected argument 'prisma'"],
  ])("rejects the command line %j", async (args, message) => {
    const project = await createProject();
    const before = await project.files();
    const { code, out, err } = await init(project, ...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(`hephaestus-prisma: ${message}`);
    expect(await project.files()).toEqual(before);
  });
});
