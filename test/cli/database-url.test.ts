import { cp } from "node:fs/promises";
import { join } from "node:path";
import { anInstance } from "hephaestus-prisma/testing";
import { describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { storageOn } from "../storage-on.js";
import { run } from "./program.js";
import { CONFIG, createProject, ROOT } from "./project.js";

describe("if neither --url nor DATABASE_URL names a database", () => {
  const { database, storage } = storageOn(preparePostgresDatabase);

  it.each([
    ["list", ["list", "--json"], '"id":"order::1"'],
    ["show", ["show", "order::1"], "order::1"],
    ["doctor", ["doctor", "--verbose"], "ok  rows: read 1 row"],
    ["prune", ["prune", "--status", "completed", "--updated-before", "1d", "--dry-run"], "0 instances would be deleted"],
  ])("%s takes that of the project's Prisma config", async (_, args, printed) => {
    await storage.put(anInstance());
    const project = await createProject();
    await cp(join(ROOT, "prisma"), join(project.folder, "prisma"), { recursive: true });
    await project.write({ "prisma.config.ts": CONFIG.replace(`env("DATABASE_URL")`, JSON.stringify(database.url)) });
    const { code, out, err } = await project.run(args);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(printed);
  });

  it("list takes the URL of prisma dev, which holds that of the database", async () => {
    await storage.put(anInstance());
    const key = Buffer.from(JSON.stringify({ name: "default", databaseUrl: database.url })).toString("base64");
    const { code, out, err } = await run(["list", "--json", "--url", `prisma+postgres://localhost:51213/?api_key=${key}`]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain('"id":"order::1"');
  });
});
