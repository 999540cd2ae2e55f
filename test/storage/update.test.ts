import type { Instance } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { storageOn, ways } from "../storage-on.js";

describe.each(ways)("update by $way on $on", ({ prepare, options }) => {
  const { database, storage } = storageOn(prepare, options);
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

  describe("of a change that mutates what it was given", () => {
    /** The same object, as code without types sees it. */
    const writable = (instance: Instance): { currentStep: string | null; runtimeMetadata: Record<string, unknown> } => instance;

    it("stores what was mutated if it returns the same object", async () => {
      const stored = await storage.update("order::1", (current) => {
        writable(current).currentStep = "ship";
        writable(current).runtimeMetadata.n = 7;
        return current;
      });
      expect(stored).toMatchObject({ currentStep: "ship", runtimeMetadata: { n: 7 } });
      expect(await storage.get("order::1")).toStrictEqual(stored);
    });

    it("stores it once if it returns a copy with the mutated part: that is no conflict", async () => {
      let calls = 0;
      await storage.update("order::1", (current) => {
        calls++;
        writable(current).runtimeMetadata.n = 7;
        return { ...current };
      });
      expect([calls, await count()]).toEqual([1, 7]);
    });

    it("notices another writer all the same", async () => {
      const seen: unknown[] = [];
      await storage.update("order::1", async (current) => {
        seen.push(current.runtimeMetadata.n);
        if (seen.length === 1) await meddle();
        writable(current).runtimeMetadata.n = Number(current.runtimeMetadata.n) + 1;
        return current;
      });
      expect([seen, await count()]).toEqual([[0, 10], 11]);
    });

    it("says what is wrong if it can't be stored", async () => {
      const change = (current: Instance): Instance => {
        writable(current).runtimeMetadata.n = () => 1;
        return current;
      };
      await expect(storage.update("order::1", change)).rejects.toMatchObject({ code: "NOT_SERIALIZABLE", path: "runtimeMetadata.n" });
      expect(await count()).toBe(0);
    });
  });

  it("loses no update of 8 writers, 10 times each: the count is exactly 80", async () => {
    const writer = async (): Promise<void> => {
      for (let n = 0; n < 10; n++)
        await storage.update("order::1", (current) => ({ ...current, runtimeMetadata: { n: Number(current.runtimeMetadata.n) + 1 } }));
    };
    await Promise.all(Array.from({ length: 8 }, writer));
    expect(await count()).toBe(80);
  });
});
