import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { codeOf, readDocument } from "../../tools/snippets.js";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { copyContract, createConsumer, createProject, install, KEPT, kept, NEWEST, pack, PATIENCE } from "./consumer.js";

const ORM = "@prisma/orm-postgres@8.0.0-rc.13";
const PG_TYPES = "@types/pg@8.20.4"; // with other types than the ORM's own, the compiler rejects the pool
const PACKAGES = [
  ...["prisma@8.0.0-rc.19", ORM, "pg@8", PG_TYPES],
  ...["prisma7", "client", "adapter-pg"].map((name) => `@prisma/${name}@7.10.0`),
];
// A gigabyte of deployment tools, which only Prisma's commands for its cloud load.
const WITHOUT = ["@prisma/composer-cli"];

describe("the packed package beside Prisma 8", { timeout: PATIENCE }, () => {
  let folder: string;
  let installed: string;
  let database: PostgresDatabase;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "hephaestus-prisma-8-"));
    installed = join(folder, "installed");
    await install(installed, [(await pack(folder)).tarball, ...PACKAGES], WITHOUT);
  }, PATIENCE);
  beforeEach(async () => {
    database = await createPostgresDatabase();
    return () => database.close();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("works with Prisma 7 under its other name", async () => {
    const consumer = await createConsumer("beside-prisma-8", installed, "@prisma/prisma7/build/prisma7.js");
    expect(await consumer.run(database.url)).toContain("done on Node");
    expect(await database.sql(kept("workflow_instances"))).toEqual(KEPT);
  });

  it("keeps the contract through Prisma 8's raw lane, in its transactions, with the faults that it reports", async () => {
    const project = await createProject("prisma-8", installed, "prisma-8-contract");
    await copyContract(project);
    await project.node("typescript/bin/tsc");
    const output = await project.run("npx", ["-y", `node@${NEWEST[0]}`, "build/conformance.js"], { DATABASE_URL: database.url });
    const [alone, within, ...rest] = output.split("\n");
    expect(alone).toMatch(/^Prisma 8 keeps \d{3} cases$/);
    expect(within).toMatch(/^Prisma 8 keeps \d{3} cases$/);
    expect(rest).toEqual(["Prisma 8 commits and rolls back", "Prisma 8 recognises faults", ""]);
  });

  it("shares a table, transactions and a pool with Prisma's ORM", async () => {
    await database.sql("CREATE TABLE orders (id text PRIMARY KEY, total integer NOT NULL)");
    const project = await createProject("prisma-8", installed);
    await copyContract(project);
    await project.node("typescript/bin/tsc");
    const start = (script: string): Promise<string> =>
      project.run("npx", ["-y", `node@${NEWEST[0]}`, script], { DATABASE_URL: database.url });
    expect(await start("build/main.js")).toMatch(/^order::4711 is waiting\norder::4711 \{/);
    const stored = async (): Promise<unknown> => ({
      orders: await database.sql("SELECT * FROM orders ORDER BY id"),
      instances: await database.sql(`
        SELECT id, workflow_version AS version, status, state ->> 'current_step' AS step, state #>> '{context,initial,total}' AS total
        FROM workflow_instances ORDER BY id`),
    });
    const expected = {
      orders: [{ id: "4711", total: 1999 }],
      instances: [{ id: "order::4711", version: 2, status: "waiting", step: "payment", total: "1999" }],
    };
    expect(await stored()).toEqual(expected);
    expect(await start("build/checks.js")).toBe("done\n");
    expect(await stored()).toEqual(expected);
  });

  it.each(["contract.ts", "main.ts"])("docs/drivers.md shows the %s that this test runs", (file) => {
    const code = readDocument(`test/consumers/projects/prisma-8/src/${file}`).trim();
    expect(codeOf("docs/drivers.md", "ts")).toContain(code);
  });

  it("docs/drivers.md installs the versions that this test installs", () => {
    expect(codeOf("docs/drivers.md", "sh").join("\n")).toMatch(new RegExp(`${ORM}$`, "m"));
    expect(readDocument("docs/drivers.md")).toContain(PG_TYPES.replace("@types/pg@", "`@types/pg` "));
  });
});
