import { anInstance } from "hephaestus-prisma/testing";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { databases } from "../database.js";
import { storageOn } from "../storage-on.js";

describe.each(databases)("coalesceWrites on $on", ({ prepare }) => {
  const { database, storage } = storageOn(prepare, { coalesceWrites: true });
  beforeAll(async () => {
    await storage.putMany([anInstance()]); // looks up the table's name, once per client
  });

  const inserts = (): string[] => database.statements().filter((statement) => statement.includes("INSERT"));

  it("sends a lone put at once, as one statement", async () => {
    database.statements();
    await storage.put(anInstance());
    const statements = database.statements();
    expect(statements).toHaveLength(1);
    expect(statements[0]).toMatch(/INSERT INTO [^]* ON CONFLICT \(id\)/);
    expect(await storage.get("order::1")).toStrictEqual(anInstance());
  });

  it("sends puts that arrive while a write is in flight together", async () => {
    database.statements();
    await Promise.all(Array.from({ length: 100 }, (_, n) => storage.put(anInstance({ id: `order::${n}`, runtimeMetadata: { n } }))));
    expect(inserts().length).toBeLessThanOrEqual(10);
    const rows = await database.sql("SELECT id, state->'runtime_metadata'->'n' AS n FROM workflow_instances");
    expect(rows).toHaveLength(100);
    for (const { id, n } of rows) expect(id).toBe(`order::${String(n)}`);
  });

  it("keeps the order of an id's puts: the last call wins, the first one's version stays", async () => {
    for (let round = 0; round < 20; round++) {
      await database.sql("DELETE FROM workflow_instances");
      const puts = Array.from({ length: 60 }, (_, n) =>
        storage.put(anInstance({ id: `order::${n % 3}`, workflowVersion: n + 1, runtimeMetadata: { n } })),
      );
      await Promise.all(puts);
      const rows = await database.sql(
        "SELECT id, workflow_version, state->'runtime_metadata'->'n' AS n FROM workflow_instances ORDER BY id",
      );
      expect(rows).toEqual([
        { id: "order::0", workflow_version: 1, n: 57 },
        { id: "order::1", workflow_version: 2, n: 58 },
        { id: "order::2", workflow_version: 3, n: 59 },
      ]);
    }
  });

  it("is durable when a put resolves: its row is stored, whatever happens to the others", async () => {
    await Promise.all(
      Array.from({ length: 50 }, async (_, n) => {
        await storage.put(anInstance({ id: `order::${n}` }));
        expect(await database.sql("SELECT id FROM workflow_instances WHERE id = $1", [`order::${n}`])).toHaveLength(1);
      }),
    );
  });

  it("settles each call by its own row's outcome if a batch fails", async () => {
    await database.sql("ALTER TABLE workflow_instances ADD CONSTRAINT no_bad CHECK (workflow <> 'bad')");
    const settled = await Promise.allSettled(
      Array.from({ length: 40 }, (_, n) => storage.put(anInstance({ id: `order::${n}`, workflow: n % 10 === 7 ? "bad" : "good" }))),
    );
    await database.sql("ALTER TABLE workflow_instances DROP CONSTRAINT no_bad");
    expect(settled.flatMap(({ status }, n) => (status === "rejected" ? [n] : []))).toEqual([7, 17, 27, 37]);
    for (const one of settled) if (one.status === "rejected") expect(String(one.reason)).toContain("no_bad");
    expect(await database.sql("SELECT count(*)::int AS n FROM workflow_instances")).toEqual([{ n: 36 }]);
  });

  it("rejects anything that is not an instance at once, and writes the others", async () => {
    const settled = await Promise.allSettled([
      storage.put(anInstance()),
      storage.put(anInstance({ id: "" })),
      storage.put(anInstance({ id: "b" })),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await database.sql("SELECT id FROM workflow_instances ORDER BY id")).toEqual([{ id: "b" }, { id: "order::1" }]);
  });

  it("continues after a failed write", async () => {
    await database.sql("ALTER TABLE workflow_instances ADD CONSTRAINT no_bad CHECK (workflow <> 'bad')");
    await expect(storage.put(anInstance({ workflow: "bad" }))).rejects.toThrow(/no_bad/);
    await database.sql("ALTER TABLE workflow_instances DROP CONSTRAINT no_bad");
    await storage.put(anInstance());
    expect(await storage.get("order::1")).toStrictEqual(anInstance());
  });

  describe("on a table whose trigger suppresses some rows", () => {
    beforeEach(async () => {
      await database.sql(`CREATE FUNCTION mute() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF NEW.workflow = 'mute' THEN RETURN NULL; END IF; RETURN NEW; END $$`);
      await database.sql("CREATE TRIGGER mute BEFORE INSERT OR UPDATE ON workflow_instances FOR EACH ROW EXECUTE FUNCTION mute()");
    });
    afterEach(() => database.sql("DROP FUNCTION mute CASCADE"));

    it("rejects the puts that were not stored, and acknowledges the others", async () => {
      const settled = await Promise.allSettled(
        Array.from({ length: 20 }, (_, n) => storage.put(anInstance({ id: `order::${n}`, workflow: n % 10 === 7 ? "mute" : "loud" }))),
      );
      expect(settled.flatMap((one, n) => (one.status === "rejected" ? [[n, one.reason as unknown]] : []))).toMatchObject([
        [7, { code: "NOT_STORED", id: "order::7" }],
        [17, { code: "NOT_STORED", id: "order::17" }],
      ]);
      expect(await database.sql("SELECT count(*)::int AS n FROM workflow_instances")).toEqual([{ n: 18 }]);
    });

    it("acknowledges a put that a later one of its id supersedes only as far as it is stored itself", async () => {
      const [, first, second] = await Promise.allSettled([
        storage.put(anInstance({ id: "busy" })),
        storage.put(anInstance({ id: "a", workflow: "loud" })),
        storage.put(anInstance({ id: "a", workflow: "mute" })),
      ]);
      expect([first.status, second.status]).toEqual(["fulfilled", "rejected"]);
      expect(await database.sql("SELECT workflow FROM workflow_instances WHERE id = 'a'")).toEqual([{ workflow: "loud" }]);
    });

    it("rejects a putMany, and says how many were not stored", async () => {
      const many = [anInstance({ id: "a", workflow: "mute" }), anInstance({ id: "b" })];
      await expect(storage.putMany(many)).rejects.toMatchObject({
        code: "NOT_STORED",
        message: expect.stringContaining("1 of 2 instances were not stored") as string,
      });
    });
  });

  it("goes on under fake timers", async () => {
    vi.useFakeTimers();
    try {
      await Promise.all(Array.from({ length: 20 }, (_, n) => storage.put(anInstance({ id: `order::${n}` }))));
    } finally {
      vi.useRealTimers();
    }
    expect(await database.sql("SELECT count(*)::int AS n FROM workflow_instances")).toEqual([{ n: 20 }]);
  });
});
