import { anInstance } from "hephaestus-prisma/testing";
import { describe, expect, it } from "vitest";
import { storageOn, ways } from "../storage-on.js";

describe.each(ways)("insert by $way on $on", ({ prepare, options }) => {
  const { database, storage } = storageOn(prepare, options);

  it("stores an instance whose id is free", async () => {
    await storage.insert(anInstance());
    expect(await storage.get("order::1")).toStrictEqual(anInstance());
    expect(await database.sql("SELECT workflow_version, inserted_at = updated_at AS same FROM workflow_instances")).toEqual([
      { workflow_version: 2, same: true },
    ]);
  });

  it("rejects a taken id, and leaves its row unchanged", async () => {
    await storage.insert(anInstance());
    const before = await database.sql("SELECT * FROM workflow_instances");
    await expect(storage.insert(anInstance({ status: "failed" }))).rejects.toMatchObject({
      code: "INSTANCE_EXISTS",
      id: "order::1",
      message: 'an instance "order::1" is stored already',
    });
    expect(await database.sql("SELECT * FROM workflow_instances")).toEqual(before);
  });

  it("is one statement", async () => {
    database.statements();
    await storage.insert(anInstance());
    expect(database.statements()).toHaveLength(1);
  });

  it("succeeds once when 200 run at once for one id", async () => {
    const settled = await Promise.allSettled(Array.from({ length: 200 }, (_, n) => storage.insert(anInstance({ runtimeMetadata: { n } }))));
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const codes = settled.flatMap((one) => (one.status === "rejected" ? [(one.reason as { code: string }).code] : []));
    expect(codes).toEqual(Array.from({ length: 199 }, () => "INSTANCE_EXISTS"));
    const winner = settled.findIndex(({ status }) => status === "fulfilled");
    expect((await storage.get("order::1"))?.runtimeMetadata).toEqual({ n: winner });
  });
});
