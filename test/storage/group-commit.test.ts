import { createPrismaStorage, type InstanceStorage } from "hephaestus-prisma";
import { createPgStorage } from "hephaestus-prisma/pg";
import { anInstance } from "hephaestus-prisma/testing";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { databases, type PostgresDatabase, preparePostgresDatabase, type TestDatabase } from "../database.js";
import { sqlOn, sqlWays } from "../sql-ways.js";
import { databaseOn, TABLE } from "../storage-on.js";

const subjects = [
  ...databases.map(({ on, prepare }) => ({
    name: `SQL through Prisma on ${on}`,
    prepare,
    create: ({ client }: TestDatabase): InstanceStorage => createPrismaStorage(client, { table: TABLE, coalesceWrites: true }),
  })),
  {
    name: "pg",
    prepare: preparePostgresDatabase,
    create: (database: TestDatabase): InstanceStorage => createPgStorage((database as PostgresDatabase).pool, { coalesceWrites: true }),
  },
];

describe.each(subjects)("coalesceWrites by $name", ({ prepare, create }) => {
  const database: TestDatabase = databaseOn(prepare);
  const storage = create(database);
  beforeEach(() => database.sql("DELETE FROM workflow_instances"));

  it("keeps the order of an id's puts: the last call wins, the first one's version stays", async () => {
    for (let round = 0; round < 5; round++) {
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

  it("rejects anything that is not an instance at once, and writes the others", async () => {
    const settled = await Promise.allSettled([
      storage.put(anInstance()),
      storage.put(anInstance({ id: "" })),
      storage.put(anInstance({ id: "b" })),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await database.sql("SELECT id FROM workflow_instances ORDER BY id")).toEqual([{ id: "b" }, { id: "order::1" }]);
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

  describe("on a table with a CHECK", () => {
    const whileChecked = async (call: () => Promise<void>): Promise<void> => {
      await database.sql("ALTER TABLE workflow_instances ADD CONSTRAINT no_bad CHECK (workflow <> 'bad')");
      await call().finally(() => database.sql("ALTER TABLE workflow_instances DROP CONSTRAINT no_bad"));
    };

    it("settles each call by its own row's result if a group fails", () =>
      whileChecked(async () => {
        const settled = await Promise.allSettled(
          Array.from({ length: 40 }, (_, n) => storage.put(anInstance({ id: `order::${n}`, workflow: n % 10 === 7 ? "bad" : "good" }))),
        );
        expect(settled.flatMap(({ status }, n) => (status === "rejected" ? [n] : []))).toEqual([7, 17, 27, 37]);
        for (const one of settled) if (one.status === "rejected") expect(String(one.reason)).toContain("no_bad");
        expect(await database.sql("SELECT count(*)::int AS n FROM workflow_instances")).toEqual([{ n: 36 }]);
      }));

    it.each([
      ["first", ["bad", "good"], ["rejected", "fulfilled"]],
      ["second", ["good", "bad"], ["fulfilled", "rejected"]],
    ])("settles each of two puts of one id by its own row's result, if the %s is rejected", (_, workflows, expected) =>
      whileChecked(async () => {
        const others = ["busy", "b", "c", "d"].map((id) => storage.put(anInstance({ id })));
        const settled = await Promise.allSettled(workflows.map((workflow) => storage.put(anInstance({ id: "a", workflow }))));
        await Promise.all(others);
        expect(settled.map(({ status }) => status)).toEqual(expected);
        expect(await database.sql("SELECT workflow FROM workflow_instances WHERE id = 'a'")).toEqual([{ workflow: "good" }]);
      }),
    );

    it("continues after a failed write", async () => {
      await whileChecked(() => expect(storage.put(anInstance({ workflow: "bad" }))).rejects.toThrow(/no_bad/));
      await storage.put(anInstance());
      expect(await storage.get("order::1")).toStrictEqual(anInstance());
    });
  });
});

describe.each(sqlWays)("the statements of coalesceWrites by $way", ({ routeOn }) => {
  const { database, pool, route } = sqlOn(routeOn);
  const storage = route.create({ coalesceWrites: true });
  const inserts = (): string[] =>
    pool
      .sent()
      .map(({ text }) => text)
      .filter((text) => text.startsWith("INSERT"));

  it("send a lone put at once, as one statement", async () => {
    await storage.put(anInstance());
    const sent = pool.sent();
    expect(sent).toHaveLength(1);
    expect(sent[0]?.text).toMatch(/^INSERT INTO .* ON CONFLICT \(id\)/);
    expect(await storage.get("order::1")).toStrictEqual(anInstance());
  });

  it("send puts that arrive while a write is in flight together, with one row for each id", async () => {
    await Promise.all(Array.from({ length: 100 }, (_, n) => storage.put(anInstance({ id: `order::${n}`, runtimeMetadata: { n } }))));
    expect(inserts().length).toBeLessThanOrEqual(10);
    const rows = await database.sql("SELECT id, state->'runtime_metadata'->'n' AS n FROM workflow_instances");
    expect(rows).toHaveLength(100);
    for (const { id, n } of rows) expect(id).toBe(`order::${String(n)}`);
  });

  it("are groups of equal size, of at most 200 rows", async () => {
    await Promise.all(Array.from({ length: 1_000 }, (_, n) => storage.put(anInstance({ id: `order::${n}` }))));
    const sizes = inserts().map((text) => text.split("::jsonb").length - 1);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(1_000);
    expect(Math.max(...sizes)).toBe(200);
    expect(sizes.length).toBeLessThanOrEqual(10);
  });

  it("are of at most 8 MB", async () => {
    const text = "x".repeat(3_000_000);
    await Promise.all(Array.from({ length: 12 }, (_, n) => storage.put(anInstance({ id: `order::${n}`, runtimeMetadata: { text } }))));
    const sizes = inserts().map((insert) => insert.split("::jsonb").length - 1);
    expect(Math.max(...sizes)).toBe(2);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(12);
  });

  it("are one for each put inside a transaction, in the order of the calls", async () => {
    const ids = Array.from({ length: 20 }, (_, n) => `order::${n}`);
    await route.inTransaction(
      async (within) => {
        await Promise.all(ids.map((id) => within.put(anInstance({ id }))));
      },
      { coalesceWrites: true },
    );
    const sent = pool.sent().filter(({ text }) => text.startsWith("INSERT"));
    expect(sent.map(({ values }) => values[1])).toEqual(ids);
    expect(await database.sql("SELECT count(*)::int AS n FROM workflow_instances")).toEqual([{ n: 20 }]);
  });
});

describe.each(sqlWays)("coalesceWrites on a table whose trigger suppresses some rows, by $way", ({ routeOn }) => {
  const { database, pool, route } = sqlOn(routeOn);
  const storage = route.create({ coalesceWrites: true });
  beforeEach(async () => {
    await database.sql(`
      CREATE TABLE IF NOT EXISTS written (id text);
      TRUNCATE written;
      CREATE OR REPLACE FUNCTION mute() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO written VALUES (NEW.id);
        IF NEW.workflow = 'mute' THEN RETURN NULL; END IF;
        RETURN NEW;
      END $$;
      CREATE OR REPLACE TRIGGER mute BEFORE INSERT ON workflow_instances FOR EACH ROW EXECUTE FUNCTION mute()`);
    pool.sent();
  });

  it("rejects the puts that were not stored, acknowledges the others, and writes none a second time", async () => {
    const settled = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => storage.put(anInstance({ id: `order::${n}`, workflow: n % 10 === 7 ? "mute" : "loud" }))),
    );
    expect(settled.flatMap((one, n) => (one.status === "rejected" ? [[n, one.reason as unknown]] : []))).toMatchObject([
      [7, { code: "NOT_STORED", id: "order::7" }],
      [17, { code: "NOT_STORED", id: "order::17" }],
    ]);
    expect(pool.sent().length).toBeLessThan(8);
    expect(await database.sql("SELECT count(*)::int AS n FROM workflow_instances")).toEqual([{ n: 18 }]);
    expect(await database.sql("SELECT count(*)::int AS n, count(DISTINCT id)::int AS ids FROM written")).toEqual([{ n: 20, ids: 20 }]);
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
