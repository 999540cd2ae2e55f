import { createPrismaStorage, type Storage } from "hephaestus-prisma";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { databases, type TestDatabase } from "../database.js";
import { anInstance } from "../instances.js";

describe.each(databases)("delete on $on", ({ create }) => {
  let database: TestDatabase;
  let storage: Storage;
  beforeAll(async () => {
    database = await create();
    storage = createPrismaStorage(database.client);
  });
  beforeEach(() => database.sql("DELETE FROM workflow_instances"));
  afterAll(() => database.close());

  it("deletes the row of this id and no other", async () => {
    for (const id of ["a", "b", "c"]) await storage.put(anInstance({ id }));
    await storage.delete("b");
    expect(await database.sql("SELECT id FROM workflow_instances ORDER BY id")).toEqual([{ id: "a" }, { id: "c" }]);
  });

  it("is idempotent: nothing happens where nothing is stored", async () => {
    await storage.put(anInstance({ id: "a" }));
    await storage.delete("a");
    await expect(storage.delete("a")).resolves.toBeUndefined();
    await Promise.all(Array.from({ length: 10 }, () => storage.delete("a")));
    expect(await database.sql("SELECT id FROM workflow_instances")).toEqual([]);
  });

  it("is one statement", async () => {
    database.statements();
    await storage.delete("a");
    expect(database.statements()).toHaveLength(1);
  });
});
