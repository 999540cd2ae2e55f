import { cp, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as Package from "hephaestus-prisma";
import { type AnyWorkflows, getStorage, startStorage, stopStorage } from "hephaestus-prisma";
import { createMemoryStorage } from "hephaestus-prisma/memory";
import { createPgStorage, type PgStorage } from "hephaestus-prisma/pg";
import { anInstance } from "hephaestus-prisma/testing";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { databaseOn, TABLE } from "../storage-on.js";

const entry = createRequire(import.meta.url).resolve("hephaestus-prisma");
const packageRoot = dirname(createRequire(import.meta.url).resolve("hephaestus-prisma/package.json"));

describe("named storages", () => {
  const [one, two] = [databaseOn(preparePostgresDatabase), databaseOn(preparePostgresDatabase)];
  afterEach(() => {
    stopStorage();
    stopStorage("archive");
  });

  it("keep their instances apart", async () => {
    startStorage({ client: one.client });
    startStorage({ client: two.client, name: "archive" });
    await getStorage().put(anInstance({ id: "new" }));
    await getStorage("archive").put(anInstance({ id: "old" }));
    expect(await one.sql("SELECT id FROM workflow_instances")).toEqual([{ id: "new" }]);
    expect(await two.sql("SELECT id FROM workflow_instances")).toEqual([{ id: "old" }]);
  });

  it("are found under the name they were started with, `default` without one", () => {
    const storage = startStorage({ client: one.client });
    expect(getStorage()).toBe(storage);
    expect(getStorage("default")).toBe(storage);
  });

  it("are replaced by a second start under their name", () => {
    const first = startStorage({ client: one.client });
    const second = startStorage({ client: one.client });
    expect(second).not.toBe(first);
    expect(getStorage()).toBe(second);
  });

  it("go the way that their options say", async () => {
    startStorage({ client: one.client });
    startStorage({ client: one.client, name: "archive", table: TABLE, bigIntegers: "bigint" });
    await getStorage("archive").put(anInstance({ id: "large", runtimeMetadata: { n: 2n ** 64n } }));
    expect(await getStorage("archive").count({ stateContains: { runtime_metadata: {} } })).toBeGreaterThan(0);
    await expect(getStorage().get("large")).rejects.toMatchObject({ code: "PRECISION_LOSS" });
    await getStorage().delete("large");
  });

  it("can be ones that were created elsewhere", async () => {
    const storage = createPgStorage(one.pool);
    expect(startStorage({ storage, name: "archive" })).toBe(storage);
    expect(getStorage<AnyWorkflows, PgStorage>("archive")).toBe(storage);
    await startStorage({ storage: createMemoryStorage() }).put(anInstance({ id: "in memory" }));
    expect(await getStorage().count()).toBe(1);
    const message = 'the option "storage" is invalid: expected a storage, found null';
    const invalid = { code: "INVALID_OPTION", option: "storage", message };
    expect(() => startStorage({ storage: null as never })).toThrow(expect.objectContaining(invalid));
    const unknown = { code: "INVALID_OPTION", option: "retry" };
    expect(() => startStorage({ storage, retry: false } as never)).toThrow(expect.objectContaining(unknown));
  });

  it("throw, if not started, an error that names the started ones and the call that fixes it", () => {
    expect(() => getStorage()).toThrow('no storage is started under the name "default" (none is). Call startStorage({ client }) first.');
    startStorage({ client: one.client });
    expect(() => getStorage("archive")).toThrow(
      'no storage is started under the name "archive" (started are "default"). Call startStorage({ client, name: "archive" }) first.',
    );
    expect(() => getStorage("archive")).toThrow(
      expect.objectContaining({ code: "STORAGE_NOT_STARTED", storage: "archive", started: ["default"] }),
    );
  });

  it("are removed by a stop, which is idempotent and leaves the client open", async () => {
    const storage = startStorage({ client: one.client });
    stopStorage();
    stopStorage();
    expect(() => getStorage()).toThrow("no storage is started");
    await expect(storage.query()).resolves.toBeInstanceOf(Array);
  });

  it("are shared by two copies of the module", async () => {
    // Beside the package in this checkout, where the copy finds its dependencies.
    const folder = await mkdtemp(join(packageRoot, "node_modules", ".copy-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await cp(dirname(entry), folder, { recursive: true });
    const copy = (await import(pathToFileURL(join(folder, basename(entry))).href)) as typeof Package;
    const storage = startStorage({ client: one.client, name: "archive" });
    expect(copy.getStorage).not.toBe(getStorage);
    expect(copy.getStorage("archive")).toBe(storage);
  });
});
