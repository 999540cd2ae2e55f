import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { codeOf } from "../../../tools/snippets.js";
import { createMigratedDatabase, MIGRATIONS, newDatabaseUrl, recorded } from "../../migrate/empty-database.js";
import { installPackage, type InstalledProject } from "./installed-project.js";

const DEPLOY = "npx prisma migrate deploy";
const DRIFT = "npx prisma migrate diff --from-config-datasource --to-schema prisma --exit-code";
const DOCTOR = "npx hephaestus-prisma doctor";
const ENGINE = "node_modules/.bin/hephaestus-schema-engine";

// A command that tries to download the native engine reaches no server.
const OFFLINE = { PRISMA_ENGINES_MIRROR: "http://127.0.0.1:1", PRISMA_SCHEMA_ENGINE_BINARY: undefined };

// Runs what npx would run, without npm's start-up. The guide's own commands are run by npx once.
const NPX = `npx() { PATH="node_modules/.bin:$PATH" "$@"; }\n`;

const SCHEMA = `datasource db {
  provider = "postgresql"
}

generator client {
  provider = "prisma-client"
  output   = "../generated"
}
`;

interface GithubWorkflow {
  readonly jobs: {
    readonly test: GithubJob & { readonly services: { readonly postgres: GithubService } };
    readonly deploy: GithubJob & { readonly needs: string };
  };
}
interface GithubJob {
  readonly env: { readonly DATABASE_URL: string };
  readonly steps: readonly { readonly run?: string }[];
}
interface GithubService {
  readonly image: string;
  readonly env: { readonly POSTGRES_PASSWORD: string };
  readonly ports: readonly string[];
}
interface GitlabPipeline {
  readonly stages: readonly string[];
  readonly test: GitlabJob & {
    readonly services: readonly { readonly name: string; readonly alias: string }[];
    readonly variables: { readonly POSTGRES_PASSWORD: string; readonly DATABASE_URL: string };
  };
  readonly deploy: GitlabJob;
}
interface GitlabJob {
  readonly stage: string;
  readonly script: readonly string[];
}

const GUIDE = "docs/ci.md";
const [githubYaml = "", gitlabYaml = ""] = codeOf(GUIDE, "yaml");
const [config = "", offlineConfig = ""] = codeOf(GUIDE, "ts");
const [install = "", offline = "", command = ""] = codeOf(GUIDE, "sh");
const [migrate = ""] = codeOf(GUIDE, "js");
const [dockerfile = ""] = codeOf(GUIDE, "dockerfile");
const { jobs } = parse(githubYaml) as GithubWorkflow;
const gitlab = parse(gitlabYaml) as GitlabPipeline;

function commandsOf({ steps }: GithubJob): string[] {
  return steps.flatMap(({ run }) => run ?? []);
}

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
    expect(commandsOf(jobs.test)).toEqual(["npm ci", "npx prisma generate", DEPLOY, DRIFT, DOCTOR, "npm test"]);
    expect(commandsOf(jobs.deploy)).toEqual(["npm ci", DEPLOY, DRIFT, DOCTOR, "npm run deploy"]);
    expect(jobs.deploy.needs).toBe("test");
    const { image, env, ports } = jobs.test.services.postgres;
    expect(image).toBe("postgres:18");
    const url = new URL(jobs.test.env.DATABASE_URL);
    expect(url.password).toBe(env.POSTGRES_PASSWORD);
    expect(ports).toEqual([`${url.port}:5432`]);
  });

  it("runs the same in GitLab's jobs", () => {
    const { stages, test, deploy } = gitlab;
    expect(test.script).toEqual(commandsOf(jobs.test));
    expect(deploy.script).toEqual(commandsOf(jobs.deploy));
    expect(stages).toEqual([test.stage, deploy.stage]);
    const url = new URL(test.variables.DATABASE_URL);
    expect(test.services).toEqual([{ name: jobs.test.services.postgres.image, alias: url.hostname }]);
    expect(url.password).toBe(test.variables.POSTGRES_PASSWORD);
  });

  it("has commands that create and fill the database offline, with the variable that it names", async () => {
    for (const command of [DEPLOY, DRIFT, "npx prisma generate"]) expect(offline).toContain(command);
    const url = newDatabaseUrl();
    const { code, output } = await project.shell(offline, { ...OFFLINE, DATABASE_URL: url });
    expect(output).toContain("All migrations have been successfully applied");
    expect(output).toContain("No difference detected");
    expect(output).toContain("Database schema is up to date!");
    expect(code).toBe(0);
    expect(await recorded(url)).toEqual(applied);
  });

  it("has a config that sets the engine for every command", async () => {
    await project.write({ "prisma.config.ts": offlineConfig });
    const env = { ...OFFLINE, DATABASE_URL: newDatabaseUrl() };
    const { code, output } = await project.shell(`${NPX}npx prisma version && ${DEPLOY} && ${DRIFT} && ${DOCTOR}`, env);
    expect(output).toContain(`(at ${ENGINE}, resolved by PRISMA_SCHEMA_ENGINE_BINARY)`);
    expect(code).toBe(0);
    expect(await recorded(env.DATABASE_URL)).toEqual(applied);
    await project.write({ "prisma.config.ts": config });
  });

  it("migrates from code, without Prisma's CLI, and exits with 1 if it can't", async () => {
    await project.write({ "migrate.mjs": migrate });
    const env = { ...OFFLINE, DATABASE_URL: await createMigratedDatabase() };
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
    const { code, output } = await project.shell(NPX + command, { ...OFFLINE, DATABASE_URL: url });
    expect(output).toContain(`applied ${MIGRATIONS.at(-1)}`);
    expect(output).toContain("up to date");
    expect(code).toBe(0);
    expect(await recorded(url)).toEqual(expect.arrayContaining(applied));
  });

  it("installs what the package requires, and runs the tested command in its image", () => {
    expect(install).toContain("npm install hephaestus-prisma @prisma/client@7 @prisma/adapter-pg@7");
    expect(dockerfile).toContain(`PRISMA_SCHEMA_ENGINE_BINARY=${ENGINE}\n`);
    expect(dockerfile).toContain(`CMD ${JSON.stringify(DEPLOY.split(" ")).replaceAll(",", ", ")}`);
    expect(dockerfile).toContain("RUN npx prisma generate\n");
  });
});
