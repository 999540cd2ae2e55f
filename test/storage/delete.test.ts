import { anInstance } from "hephaestus-prisma/testing";
import { describe, expect, it } from "vitest";
import { databases } from "../database.js";
import { storageOn } from "../storage-on.js";

describe.each(databases)("delete on $on", ({ prepare }) => {
  const { database, storage } = storageOn(prepare);

  it("deletes the row with this id and no other", async () => {
    for (const id of ["a", "b", "c"]) await storage.put(anInstance({ id }));
    await storage.delete("b");
    expect(await database.sql("SELECT id FROM workflow_instances ORDER BY id")).toEqual([{ id: "a" }, { id: "c" }]);
  });

  it("is one statement", async () => {
    database.statements();
    await storage.delete("a");
    expect(database.statements()).toHaveLength(1);
  });
});
