import { anInstance } from "hephaestus-prisma/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { databases } from "../database.js";
import { storageOn } from "../storage-on.js";

describe.each(databases)("update on $on", ({ prepare }) => {
  const { database, storage } = storageOn(prepare);
  beforeEach(async () => {
    await storage.put(anInstance({ runtimeMetadata: { n: 0 } }));
  });

  const count = async (): Promise<unknown> =>
    (await database.sql("SELECT state->'runtime_metadata'->'n' AS n FROM workflow_instances WHERE id = 'order::1'"))[0]?.n;
  const meddle = (): Promise<unknown> =>
    database.sql(
      "UPDATE workflow_instances SET state = jsonb_set(state, '{runtime_metadata,n}', to_jsonb((state->'runtime_metadata'->>'n')::int + 10))",
    );

  it("retries after another writer was faster, with that writer's instance", async () => {
    const seen: unknown[] = [];
    await storage.update("order::1", async (current) => {
      seen.push(current.runtimeMetadata.n);
      if (seen.length < 3) await meddle();
      return { ...current, runtimeMetadata: { n: Number(current.runtimeMetadata.n) + 1 } };
    });
    expect(seen).toEqual([0, 10, 20]);
    expect(await count()).toBe(21);
  });

  it("writes nothing if the change returns the instance it received", async () => {
    const current = await storage.update("order::1", (instance) => {
      database.statements();
      return instance;
    });
    expect(current.runtimeMetadata).toEqual({ n: 0 });
    expect(database.statements()).toEqual([]);
  });

  it("loses no update of 30 writers, 20 times each: the count is exactly 600", async () => {
    const writer = async (): Promise<void> => {
      for (let n = 0; n < 20; n++)
        await storage.update("order::1", (current) => ({ ...current, runtimeMetadata: { n: Number(current.runtimeMetadata.n) + 1 } }));
    };
    await Promise.all(Array.from({ length: 30 }, writer));
    expect(await count()).toBe(600);
  });
});
