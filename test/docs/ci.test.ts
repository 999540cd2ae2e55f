import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MIGRATIONS, newDatabaseUrl, recorded } from "../migrate/empty-database.js";
import { fencedBlocks } from "./fenced-blocks.js";
import { installPackage, type InstalledProject } from "./installed-project.js";
import { yamlValues } from "./yaml-values.js";

const DEPLOY = "npx prisma migrate deploy";
const DRIFT = "npx prisma migrate diff --from-config-datasource --to-schema prisma --exit-code";
const ENGINE = "node_modules/.bin/hephaestus-schema-engine";

// Where a command would download the native engine, it finds nobody.
const OFFLINE = { PRISMA_ENGINES_MIRROR: "http://127.0.0.1:1", PRISMA_SCHEMA_ENGINE_BINARY: undefined };

const SCHEMA = `datasource db {
  provider = "postgresql"
}

generator client {
  provider = "prisma-client"
  output   = "../generated"
}
`;

const [github = new Map<string, string[]>(), gitlab = new Map<string, string[]>()] = fencedBlocks("ci.md", "yaml").map(yamlValues);
const [config = "", offlineConfig = ""] = fencedBlocks("ci.md", "ts");
const [install = "", offline = "", command = ""] = fencedBlocks("ci.md", "sh");
const [migrate = ""] = fencedBlocks("ci.md", "js");
const [dockerfile = ""] = fencedBlocks("ci.md", "dockerfile");

describe("docs/ci.md", () => {
  let project: InstalledProject;
  const applied = MIGRATIONS.map((name) => ({ name, finished: true, steps: 1 }));
  beforeAll(async () => {
    project = await installPackage();
    await project.write({ "prisma/schema.prisma": SCHEMA, "prisma.config.ts": config });
    await project.shell(
      `mkdir prisma/migrations
       cp node_modules/hephaestus-prisma/prisma/workflow-instance.prisma prisma/
       cp -r node_modules/hephaestus-prisma/prisma/migrations/*/ prisma/migrations/`,
    );
  });
  afterAll(() => project.remove());

  it("deploys in GitHub's jobs only what the tests have passed with, on a PostgreSQL of their own", () => {
    expect(github.get("jobs.test.steps[].run")).toEqual(["npm ci", "npx prisma generate", DEPLOY, DRIFT, "npm test"]);
    expect(github.get("jobs.deploy.steps[].run")).toEqual(["npm ci", DEPLOY, DRIFT, "npm run deploy"]);
    expect(github.get("jobs.deploy.needs")).toEqual(["test"]);
    expect(github.get("jobs.test.services.postgres.image")).toEqual(["postgres:18"]);
    const url = new URL(github.get("jobs.test.env.DATABASE_URL")?.[0] ?? "");
    expect([url.password]).toEqual(github.get("jobs.test.services.postgres.env.POSTGRES_PASSWORD"));
    expect([`${url.port}:5432`]).toEqual(github.get("jobs.test.services.postgres.ports[]"));
  });

  it("runs the same in GitLab's", () => {
    expect(gitlab.get("test.script[]")).toEqual(github.get("jobs.test.steps[].run"));
    expect(gitlab.get("deploy.script[]")).toEqual(github.get("jobs.deploy.steps[].run"));
    expect(gitlab.get("stages[]")).toEqual([...(gitlab.get("test.stage") ?? []), ...(gitlab.get("deploy.stage") ?? [])]);
    expect(gitlab.get("test.services[].name")).toEqual(github.get("jobs.test.services.postgres.image"));
    const url = new URL(gitlab.get("test.variables.DATABASE_URL")?.[0] ?? "");
    expect([url.hostname]).toEqual(gitlab.get("test.services[].alias"));
    expect([url.password]).toEqual(gitlab.get("test.variables.POSTGRES_PASSWORD"));
  });

  it("has commands that run offline with the variable that it names, and create and fill the database", async () => {
    for (const command of [DEPLOY, DRIFT, "npx prisma generate"]) expect(offline).toContain(command);
    const url = newDatabaseUrl();
    const { code, output } = await project.shell(offline, { ...OFFLINE, DATABASE_URL: url });
    expect(output).toContain("All migrations have been successfully applied");
    expect(output).toContain("No difference detected");
    expect(output).toContain("Database schema is up to date!");
    expect(code).toBe(0);
    expect(await recorded(url)).toEqual(applied);
  });

  it("has a config that says the same for every command", async () => {
    await project.write({ "prisma.config.ts": offlineConfig });
    const env = { ...OFFLINE, DATABASE_URL: newDatabaseUrl() };
    const { code, output } = await project.shell(`npx prisma version && ${DEPLOY} && ${DRIFT}`, env);
    expect(output).toContain(`(at ${ENGINE}, resolved by PRISMA_SCHEMA_ENGINE_BINARY)`);
    expect(code).toBe(0);
    expect(await recorded(env.DATABASE_URL)).toEqual(applied);
    await project.write({ "prisma.config.ts": config });
  });

  it("migrates from code, without Prisma's CLI, and ends with 1 where it can't", async () => {
    await project.write({ "migrate.mjs": migrate });
    const env = { ...OFFLINE, DATABASE_URL: newDatabaseUrl() };
    expect(await project.shell(DEPLOY, { ...env, PRISMA_SCHEMA_ENGINE_BINARY: ENGINE })).toMatchObject({ code: 0 });
    expect(await project.shell("node migrate.mjs", env)).toEqual({ code: 0, output: "Nothing was pending.\n" });

    await project.write({ "prisma/migrations/20260401000000_own/migration.sql": "CREATE TABLE own (id int);" });
    expect(await project.shell("node migrate.mjs", env)).toEqual({ code: 0, output: "Applied 20260401000000_own.\n" });
    expect(await project.shell("node migrate.mjs", { ...env, DATABASE_URL: newDatabaseUrl() })).toMatchObject({
      code: 1,
      output: expect.stringContaining("P1003") as string,
    });
  });

  it("migrates by this package's own command, which creates the database", async () => {
    const url = newDatabaseUrl();
    const { code, output } = await project.shell(command, { ...OFFLINE, DATABASE_URL: url });
    expect(output).toContain(`applied ${MIGRATIONS.at(-1)}`);
    expect(output).toContain("up to date");
    expect(code).toBe(0);
    expect(await recorded(url)).toEqual(expect.arrayContaining(applied));
  });

  it("installs what the package asks for, and starts in its image what runs here", () => {
    expect(install).toContain("npm install hephaestus-prisma @prisma/client@7 @prisma/adapter-pg@7");
    expect(dockerfile).toContain(`PRISMA_SCHEMA_ENGINE_BINARY=${ENGINE}\n`);
    expect(dockerfile).toContain(`CMD ${JSON.stringify(DEPLOY.split(" ")).replaceAll(",", ", ")}\n`);
    expect(dockerfile).toContain("RUN npx prisma generate\n");
  });
});
