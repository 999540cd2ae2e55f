import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { BUN, createProject, install, NEWEST, pack, PATIENCE, type Project } from "./consumer.js";

describe("the contract, in memory and on pg", { timeout: PATIENCE }, () => {
  let folder: string;
  let project: Project;
  let database: PostgresDatabase;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "hephaestus-runtimes-"));
    await install(folder, [(await pack(folder)).tarball, `${BUN}@1.4.5`]);
    project = await createProject("contract", folder);
  }, PATIENCE);
  afterAll(() => rm(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    database = await createPostgresDatabase();
    return () => database.close();
  });

  it.each(NEWEST)("is kept on Node %s", async (version) => {
    expect(await project.run("npx", ["-y", `node@${version}`, "main.js"], { DATABASE_URL: database.url })).toMatch(
      new RegExp(
        `^Node ${version}\\.\\d+\\.\\d+ keeps all \\d{3,} cases: memory\nNode ${version}\\.\\d+\\.\\d+ keeps all \\d{3,} cases: pg\n$`,
      ),
    );
  });

  it("is kept in Bun, whose errors have more properties than Node's", async () => {
    const bun = join(folder, "node_modules", BUN, "bin/bun");
    expect(await project.run(bun, ["main.js"], { DATABASE_URL: database.url })).toMatch(
      /^Bun 1\.\d+\.\d+ keeps all \d{3,} cases: memory\nBun 1\.\d+\.\d+ keeps all \d{3,} cases: pg\n$/,
    );
  });
});
