import { anInstance } from "hephaestus-prisma/testing";
import { describe, expect, it } from "vitest";
import { storageOn, ways } from "../storage-on.js";

describe.each(ways)("delete by $way on $on", ({ prepare, options }) => {
  const { database, storage } = storageOn(prepare, options);

  it("deletes the row with this id and no other", async () => {
    for (const id of ["a", "b", "c"]) await storage.put(anInstance({ id }));
    await storage.delete("b");
    expect(await database.sql("SELECT id FROM workflow_instances ORDER BY id")).toEqual([{ id: "a" }, { id: "c" }]);
  });

  it("is one statement, and a second one that counts if there was nothing to delete", async () => {
    await storage.put(anInstance({ id: "a" }));
    database.statements();
    await storage.delete("a");
    expect(database.statements()).toEqual([expect.stringMatching(/^DELETE /)]);
    await storage.delete("a");
    expect(database.statements()).toEqual([expect.stringMatching(/^DELETE /), expect.stringMatching(/^SELECT count\(\*\)/i)]);
  });
});
