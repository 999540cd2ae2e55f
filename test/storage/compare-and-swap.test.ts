import { createPrismaStorage, type Instance } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { databases } from "../database.js";
import { storageOn } from "../storage-on.js";

describe.each(databases)("put with expected on $on", ({ prepare }) => {
  const { database, storage } = storageOn(prepare);
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
    expect(statements[0]).toMatch(/^UPDATE .* WHERE .*"id" = .*"state"::jsonb? = /);
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
    const exact = createPrismaStorage(database.client, { bigIntegers: "bigint" });
    await exact.put(anInstance({ runtimeMetadata: { at: new Date(0), text: "\0", n: 9007199254740993n, map: new Map([[1, 2]]) } }));
    await database.sql(`UPDATE workflow_instances SET state = state || '{"later": {"v": [1.50, 1e3]}}'`);
    const current = (await exact.get("order::1")) as Instance;
    await exact.put({ ...current, status: "completed" }, { expected: current });
    await expect(exact.put({ ...current, status: "failed" }, { expected: current })).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await exact.get("order::1")).toStrictEqual({ ...current, status: "completed" });
  });

  it("takes what another storage on the same table has read", async () => {
    const current = await read();
    const other = createPrismaStorage(database.client);
    await other.put({ ...current, status: "completed" }, { expected: current });
    await expect(storage.put({ ...current, status: "failed" }, { expected: current })).rejects.toMatchObject({ code: "CONFLICT" });
    expect((await read()).status).toBe("completed");
  });

  it("rejects an `expected` that no storage has read, and one with another id", async () => {
    const current = await read();
    database.statements();
    const rejection = { code: "INVALID_OPTION", option: "expected" };
    await expect(storage.put(current, { expected: { ...current } })).rejects.toMatchObject(rejection);
    await expect(storage.put(current, { expected: anInstance() })).rejects.toMatchObject(rejection);
    await expect(storage.put(current, { expected: structuredClone(current) })).rejects.toMatchObject(rejection);
    expect(Reflect.ownKeys({ ...current })).toEqual(Object.keys(anInstance()));
    await expect(storage.put(current, { expected: undefined as never })).rejects.toMatchObject({ code: "INVALID_OPTION" });
    await expect(storage.put({ ...current, id: "other" }, { expected: current })).rejects.toMatchObject({
      code: "INVALID_INSTANCE",
      path: "id",
    });
    expect(database.statements()).toEqual([]);
  });
});
