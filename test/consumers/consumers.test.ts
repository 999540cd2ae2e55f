import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { createEmptyDatabase, query } from "../migrate/empty-database.js";
import { type Consumer, createConsumer, install, KEPT, kept, NEWEST, type Packed, pack, PATIENCE } from "./consumer.js";

const PRISMA_6 = "6.19.3";
const OLDEST_20 = "20.19.0"; // as in package.json's engines
const OLDEST_22 = "22.12.0";

describe("the packed package", { timeout: PATIENCE }, () => {
  let folder: string;
  let packed: Packed;
  let withPrisma7: string;
  let database: PostgresDatabase;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "hephaestus-consumers-"));
    packed = await pack(folder);
    withPrisma7 = join(folder, "7");
    await install(withPrisma7, [packed.tarball]);
    database = await createPostgresDatabase();
    await database.sql("CREATE TABLE orders (id text PRIMARY KEY, total integer)");
  }, PATIENCE);
  afterAll(async () => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("contains the build, what Prisma needs, and nothing else", () => {
    const rest = packed.files.filter(
      (path) => !/^((dist|commonjs)\/.+(\.js|\.d\.ts)|docs\/[\w-]+\.md|prisma\/migrations\/.+\.(sql|toml))$/.test(path),
    );
    expect(rest.sort()).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "commonjs/package.json",
      "llms.txt",
      "package.json",
      "prisma/workflow-instance.prisma",
    ]);
  });

  describe("with Prisma 7, beside the user's own models, with a client in the user's own folder, plain and extended", () => {
    let consumer: Consumer;
    beforeAll(async () => {
      consumer = await createConsumer("prisma-7", withPrisma7);
    }, PATIENCE);

    it.each([OLDEST_20, OLDEST_22, ...NEWEST])("works on Node %s", async (version) => {
      expect(await consumer.run(database.url, "npx", "-y", `node@${version}`)).toContain(`done on Node ${version}`);
      expect(await database.sql(kept("workflow_instances"))).toEqual(KEPT);
      expect(await database.sql("SELECT id FROM orders")).toEqual([{ id: "4711" }]);
      await database.sql("TRUNCATE orders, workflow_instances");
    });
  });

  it("works with Prisma 6.19, and migrates through its adapter", async () => {
    const withPrisma6 = join(folder, "6");
    const packages = ["prisma", "@prisma/client", "@prisma/adapter-pg"].map((name) => `${name}@${PRISMA_6}`);
    await install(withPrisma6, [packed.tarball, ...packages]);
    const consumer = await createConsumer("prisma-6", withPrisma6);
    const url = await createEmptyDatabase();
    expect(await consumer.run(url)).toMatch(/20260101000000_baseline[^]*done on Node/);
    expect(await query(url, kept("workflow_instances"))).toEqual(KEPT);
  });

  it("works in CommonJS, by require", async () => {
    const consumer = await createConsumer("commonjs", withPrisma7);
    expect(await consumer.run(database.url, "npx", "-y", `node@${OLDEST_20}`)).toContain("by require");
    expect(await database.sql(kept("workflow_instances"))).toEqual(KEPT);
  });

  it("works with other names of model, table, schema and columns, and rejects models that don't fit", async () => {
    const renamed = await createPostgresDatabase();
    await renamed.sql(`
      CREATE SCHEMA hephaestus;
      CREATE TABLE hephaestus."Invoice Runs" (LIKE workflow_instances INCLUDING ALL);
      CREATE TABLE "Invoice Runs" (LIKE workflow_instances INCLUDING ALL);
      CREATE TABLE order_runs (LIKE workflow_instances INCLUDING ALL);
      ALTER TABLE order_runs RENAME id TO run_id;
      ALTER TABLE order_runs RENAME state TO data`);
    const consumer = await createConsumer("renamed", withPrisma7);
    await consumer.run(renamed.url);
    const ids = (table: string, id = "id"): Promise<unknown> => renamed.sql(`SELECT ${id} AS id FROM ${table} ORDER BY id`);
    const within = (model: string): object[] => [{ id: `${model} within-1` }, { id: `${model} within-2` }];
    expect(await renamed.sql(kept('hephaestus."Invoice Runs"'))).toEqual(KEPT);
    expect(await renamed.sql(kept('public."Invoice Runs"'))).toEqual(KEPT);
    expect(await ids('hephaestus."Invoice Runs"')).toEqual([...within("invoiceRun"), { id: "kept" }]);
    expect(await ids('public."Invoice Runs"')).toEqual([...within("archivedRun"), { id: "kept" }]);
    expect(await ids("order_runs", "run_id")).toEqual([{ id: "order-2" }, ...within("orderRun")]);
    expect(await ids("workflow_instances")).toEqual([]);
    await renamed.close();
  });
});
