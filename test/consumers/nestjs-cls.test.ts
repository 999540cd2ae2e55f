import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createPostgresDatabase } from "../database.js";
import { createConsumer, install, pack, PATIENCE } from "./consumer.js";

const PACKAGES = [
  ...["@nestjs/common@11", "@nestjs/core@11", "reflect-metadata@0.2", "rxjs@7"],
  ...["nestjs-cls@6.3", "@nestjs-cls/transactional@3.3", "@nestjs-cls/transactional-adapter-prisma@1.4.1"],
  ...["prisma@7.10", "@prisma/client@7.10"], // peers of the adapter
];

it("follows @Transactional() of nestjs-cls through its proxy: what it rolls back is not stored", { timeout: PATIENCE }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "hephaestus-nestjs-cls-"));
  const database = await createPostgresDatabase();
  onTestFinished(async () => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });
  await database.sql("CREATE TABLE orders (id text PRIMARY KEY, total integer)");
  const installed = join(folder, "installed");
  await install(installed, [(await pack(folder)).tarball, ...PACKAGES]);
  const consumer = await createConsumer("nestjs-cls", installed);
  const found = ["insert::4711 pending", "many::4711::1 pending", "outside pending", "put::4711 running"];
  expect(JSON.parse(await consumer.run(database.url))).toEqual({ rows: ["4711"], found });
  const rows = await database.sql("SELECT id || ' ' || status AS found FROM workflow_instances ORDER BY id");
  expect(rows.map((row) => row.found)).toEqual(found);
});
