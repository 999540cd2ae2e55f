import { createRequire } from "node:module";
import { createPrismaStorage, type Instance } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { storageOn, TABLE, ways } from "../storage-on.js";

describe.each(ways)("put with expected by $way on $on", ({ way, prepare, options }) => {
  const { database, storage } = storageOn(prepare, options);
  beforeEach(async () => {
    await storage.put(anInstance());
  });

  const read = async (id = "order::1"): Promise<Instance> => (await storage.get(id)) as Instance;
  const row = async (): Promise<unknown> => (await database.sql("SELECT * FROM workflow_instances"))[0];

  it("keeps the version and inserted_at, and renews updated_at", async () => {
    await database.sql("UPDATE workflow_instances SET inserted_at = '2020-01-01', updated_at = '2020-01-01'");
    const current = await read();
    await storage.put({ ...current, workflowVersion: 9 }, { expected: current });
    const [stored] = await database.sql(
      "SELECT workflow_version, inserted_at::text, updated_at > '2020-01-02' AS renewed FROM workflow_instances",
    );
    expect(stored).toEqual({ workflow_version: 2, inserted_at: "2020-01-01 00:00:00", renewed: true });
  });

  it("is one guarded UPDATE", async () => {
    const current = await read();
    database.statements();
    await storage.put({ ...current, status: "failed" }, { expected: current });
    const statements = database.statements();
    expect(statements).toHaveLength(1);
    expect(statements[0]).toMatch(/^UPDATE .* WHERE .*\bid"? = .*\bstate("::jsonb)? = /s);
  });

  it.each([
    ["a put", async () => storage.put(anInstance({ runtimeMetadata: { by: "us" } }))],
    ["an update from Elixir", () => database.sql("UPDATE workflow_instances SET state = jsonb_set(state, '{current_step}', '\"ship\"')")],
    ["an edit of the status in Prisma Studio", () => database.sql("UPDATE workflow_instances SET status = 'failed'")],
    ["an edit of the workflow in Prisma Studio", () => database.sql("UPDATE workflow_instances SET workflow = 'Order.V3'")],
    ["a writer that adds an unknown key", () => database.sql(`UPDATE workflow_instances SET state = state || '{"later": 1}'`)],
    ["a delete and an insert of another version", () => database.sql("UPDATE workflow_instances SET workflow_version = 3")],
    ["a delete", () => database.sql("DELETE FROM workflow_instances")],
  ])("conflicts after %s, and writes nothing", async (_, write) => {
    const current = await read();
    await write();
    const before = await row();
    await expect(storage.put({ ...current, status: "completed" }, { expected: current })).rejects.toMatchObject({
      code: "CONFLICT",
      id: "order::1",
    });
    expect(await row()).toEqual(before);
  });

  it("doesn't conflict with a write that changes nothing", async () => {
    const current = await read();
    await database.sql("UPDATE workflow_instances SET updated_at = now(), state = state || '{}'");
    await storage.put({ ...current, status: "completed" }, { expected: current });
    expect(await row()).toMatchObject({ status: "completed" });
  });

  it("works for rich values, unknown keys and large integers", async () => {
    const exact = createPrismaStorage(database.client, way === "SQL" ? { table: TABLE, bigIntegers: "bigint" } : {});
    await exact.put(anInstance({ runtimeMetadata: { at: new Date(0), text: "\0", n: 9007199254740993n, map: new Map([[1, 2]]) } }));
    await database.sql(`UPDATE workflow_instances SET state = state || '{"later": {"v": [1.50, 1e3]}}'`);
    const found = (await exact.get("order::1")) as Instance;
    await exact.put({ ...found, status: "completed" }, { expected: found });
    await expect(exact.put({ ...found, status: "failed" }, { expected: found })).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await exact.get("order::1")).toStrictEqual({ ...found, status: "completed" });
  });

  it("takes what another storage on the same table has read", async () => {
    const current = await read();
    const other = createPrismaStorage(database.client);
    await other.put({ ...current, status: "completed" }, { expected: current });
    await expect(storage.put({ ...current, status: "failed" }, { expected: current })).rejects.toMatchObject({ code: "CONFLICT" });
    expect((await read()).status).toBe("completed");
  });

  describe("of a row with unknown keys, missing ones and unsorted names", () => {
    const state = `{"later": {"v": 1}, "active_steps": ["b", "a"], "context": {"initial": {}, "steps": {}, "more": null}}`;
    beforeEach(() => database.sql("UPDATE workflow_instances SET state = $1", [state]));
    const same = (): Promise<unknown> => database.sql("SELECT status, state = $1::jsonb AS same FROM workflow_instances", [state]);

    it.each<[string, (current: Instance) => Instance]>([
      ["the instance that was read", (current) => current],
      ["a spread copy", (current) => ({ ...current })],
      ["a spread copy whose context is one too", (current) => ({ ...current, context: { ...current.context } })],
    ])("takes %s, and leaves the state as it is", async (_, copy) => {
      const current = await read();
      await storage.put({ ...current, status: "running" }, { expected: copy(current) });
      expect(await same()).toEqual([{ status: "running", same: true }]);
    });

    it("takes what the package's other module format has read", async () => {
      const commonjs = createRequire(import.meta.url)("hephaestus-prisma") as typeof import("hephaestus-prisma");
      expect(commonjs.createPrismaStorage).not.toBe(createPrismaStorage);
      const current = (await commonjs.createPrismaStorage(database.client, options).get("order::1")) as Instance;
      await storage.put({ ...current, status: "running" }, { expected: current });
      expect(await same()).toEqual([{ status: "running", same: true }]);
    });

    it.each<[string, (current: Instance) => Instance]>([
      ["a structuredClone", (current) => structuredClone(current)],
      ["a spread copy with a structuredClone in it", (current) => ({ ...current, context: structuredClone(current.context) })],
      ["a copy of its fields alone", (current) => Object.fromEntries(Object.entries(current)) as unknown as Instance],
    ])("conflicts with %s, says why, and writes nothing", async (_, copy) => {
      const current = await read();
      await expect(storage.put({ ...current, status: "running" }, { expected: copy(current) })).rejects.toMatchObject({
        code: "CONFLICT",
        id: "order::1",
        message: expect.stringContaining("Give the instance that was read, or a spread copy of it") as string,
      });
      expect(await same()).toEqual([{ status: "waiting", same: true }]);
    });
  });

  it("takes any copy of an instance in the writer's own form, which carries no mark", async () => {
    const current = await read();
    expect(Reflect.ownKeys(current)).toEqual(Object.keys(anInstance()));
    await storage.put({ ...current, status: "running" }, { expected: structuredClone(current) });
    await storage.put({ ...current, status: "failed" }, { expected: anInstance({ status: "running" }) });
    expect(await row()).toMatchObject({ status: "failed" });
  });

  it("rejects an `expected` that can't be an instance, and one with another id, and sends nothing", async () => {
    const current = await read();
    database.statements();
    const rejection = { code: "INVALID_OPTION", option: "expected" };
    for (const expected of [undefined, null, "order::1", {}, { ...current, status: "paused" }, { ...current, note: 1 }])
      await expect(storage.put(current, { expected: expected as never })).rejects.toMatchObject(rejection);
    await expect(storage.put({ ...current, id: "other" }, { expected: current })).rejects.toMatchObject({
      code: "INVALID_INSTANCE",
      path: "id",
    });
    expect(database.statements()).toEqual([]);
  });
});
