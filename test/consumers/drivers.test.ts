import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { codeOf, readDocument } from "../../tools/snippets.js";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { BUN, copyContract, createProject, install, pack, PATIENCE, type Project } from "./consumer.js";

const PACKAGES = [
  ...["kysely@0.28", "drizzle-orm@0.45", "@neondatabase/serverless@1", "ws@8", "pg@8"],
  ...["@types/ws@8", "@types/bun@1.4", "@types/pg@8", "@types/node@20", `${BUN}@1.4.5`],
];

describe("the packed package on drivers that are not installed here", { timeout: PATIENCE }, () => {
  let folder: string;
  let installed: string;
  let project: Project;
  let database: PostgresDatabase;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "hephaestus-drivers-"));
    installed = join(folder, "installed");
    await install(installed, [(await pack(folder)).tarball, ...PACKAGES]);
    project = await createProject("drivers", installed);
    await copyContract(project);
    await project.node("typescript/bin/tsc");
  }, PATIENCE);
  beforeEach(async () => {
    database = await createPostgresDatabase();
    return () => database.close();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const kept = (name: string): RegExp =>
    new RegExp(`${name} keeps \\d{3} cases\n${name} keeps \\d{3} cases\n${name} commits and rolls back\n${name} recognises faults\n`);

  it.each([
    ["kysely", process.execPath, "kysely-main.js"],
    ["drizzle", process.execPath, "drizzle-main.js"],
    ["Neon's Pool", process.execPath, "neon-main.js"],
    ["Bun.sql", BUN, "bun-main.js"],
  ])("%s keeps the contract, commits and rolls back, and recognises faults", async (name, runtime, main) => {
    const program = runtime === BUN ? join(installed, "node_modules", BUN, "bin/bun") : runtime;
    expect(await project.run(program, [join("build", main)], { DATABASE_URL: database.url })).toMatch(kept(name));
  });

  it.each(["kysely.ts", "drizzle.ts", "bun.ts"])("docs/drivers.md shows the %s that this test runs", (file) => {
    expect(codeOf("docs/drivers.md", "ts")).toContain(readDocument(`test/consumers/projects/drivers/src/${file}`).trim());
  });
});
