import { getStorage, startStorage, stopStorage } from "hephaestus-prisma";
import { afterEach, describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { anInstance } from "../instances.js";
import { databaseOn } from "../storage-on.js";

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

  it("are missed with an error that names what is started and the call that fixes it", () => {
    expect(() => getStorage()).toThrow('no storage is started under the name "default" (none is). Call startStorage({ client }) first.');
    startStorage({ client: one.client });
    expect(() => getStorage("archive")).toThrow(
      'no storage is started under the name "archive" (started are "default"). Call startStorage({ client, name: "archive" }) first.',
    );
    expect(() => getStorage("archive")).toThrow(
      expect.objectContaining({ code: "STORAGE_NOT_STARTED", storage: "archive", started: ["default"] }),
    );
  });

  it("are forgotten by a stop, which is idempotent and leaves the client open", async () => {
    const storage = startStorage({ client: one.client });
    stopStorage();
    stopStorage();
    expect(() => getStorage()).toThrow("no storage is started");
    await expect(storage.query()).resolves.toBeInstanceOf(Array);
  });

  it("are shared by two copies of the module", async () => {
    const copy = (await import(`${new URL("../../dist/prisma/registry.js", import.meta.url).href}?copy`)) as {
      getStorage: typeof getStorage;
    };
    const storage = startStorage({ client: one.client, name: "archive" });
    expect(copy.getStorage).not.toBe(getStorage);
    expect(copy.getStorage("archive")).toBe(storage);
  });
});
