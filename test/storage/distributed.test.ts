import type { InstanceStorage } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { pretendCitus } from "../pretend-citus.js";
import type { Sent } from "../recording-pool.js";
import { type SqlRoute, sqlOn, sqlWays } from "../sql-ways.js";

const ASKS = "SELECT count(*)::text AS count FROM pg_extension WHERE extname = 'citus'";

const completed = (count: number) =>
  Array.from({ length: count }, (_, n) => anInstance({ id: `order::${String(n).padStart(3, "0")}`, status: "completed" }));

/** What was sent beside what begins and ends transactions. */
const textsOf = (sent: readonly Sent[]): string[] => sent.map(({ text }) => text).filter((text) => !/^(BEGIN|COMMIT)/.test(text));

type Run = (route: SqlRoute, use: (storage: InstanceStorage) => Promise<void>) => Promise<void>;
const runs: readonly { readonly where: string; readonly run: Run }[] = [
  { where: "outside a transaction", run: (route, use) => use(route.create()) },
  { where: "inside one", run: (route, use) => route.inTransaction(use) },
];

describe.each(sqlWays)("prune by $way", ({ routeOn }) => {
  const { pool, route } = sqlOn(routeOn);

  it.each(runs)("asks once whether this is Citus, before it sends anything else, $where", async ({ run }) => {
    await run(route, async (storage) => {
      await storage.putMany(completed(25));
      pool.sent();
      expect(await storage.prune({ status: "completed" }, { batchSize: 10 })).toBe(25);
      expect(await storage.prune({ status: "completed" })).toBe(0);
      const finds = expect.stringMatching(/^SELECT id::text AS id FROM .* LIMIT \d+$/) as string;
      const deletes = expect.stringMatching(/FOR UPDATE SKIP LOCKED.*DELETE/) as string;
      expect(textsOf(pool.sent())).toEqual([ASKS, finds, deletes, finds, deletes, finds, deletes, finds]);
    });
  });
});

describe.each(sqlWays)("on Citus, by $way,", ({ routeOn }) => {
  const { database, pool, route } = sqlOn(routeOn);
  beforeAll(() => pretendCitus(database));

  it.each(runs)("prune finds the ids of a batch, deletes those, and locks nothing, $where", async ({ run }) => {
    await run(route, async (storage) => {
      await storage.putMany([...completed(25), anInstance({ id: "other" })]);
      pool.sent();
      const progress: number[] = [];
      expect(await storage.prune({ status: "completed" }, { batchSize: 10, onProgress: (pruned) => progress.push(pruned) })).toBe(25);
      expect(progress).toEqual([10, 20, 25]);
      const batch = [/^SELECT id::text AS id FROM .* LIMIT 10$/, /^DELETE FROM .* WHERE id = ANY\(\$2::text::text\[\]\) AND .*status/];
      const texts = textsOf(pool.sent());
      expect(texts).toEqual([ASKS, ...[...batch, ...batch, ...batch].map((pattern) => expect.stringMatching(pattern) as string)]);
      expect(texts.join()).not.toMatch(/FOR UPDATE|SKIP LOCKED/);
    });
    expect(await database.sql("SELECT id FROM workflow_instances")).toEqual([{ id: "other" }]);
  });

  it("prune takes filters by what the state contains, beside others", async () => {
    const storage = route.create();
    await storage.putMany([...completed(3), anInstance({ id: "other", status: "completed", currentStep: "ship" })]);
    expect(await storage.prune({ stateContains: { current_step: "payment" }, status: "completed" }, { batchSize: 2 })).toBe(3);
    expect(await database.sql("SELECT id FROM workflow_instances")).toEqual([{ id: "other" }]);
  });

  it("prune, twice at once and beside writers, deletes no instance that was changed", async () => {
    const storage = route.create();
    await storage.putMany(completed(600));
    const changed = Array.from({ length: 60 }, (_, n) => `order::${String(n * 10).padStart(3, "0")}`);
    const write = async (id: string): Promise<unknown[]> => {
      const found = await database.sql(
        "UPDATE workflow_instances SET status = 'running' WHERE id = $1 AND status = 'completed' RETURNING id",
        [id],
      );
      return found.map((row) => row.id);
    };
    const prune = (): Promise<number> => storage.prune({ status: "completed" }, { batchSize: 20 });
    const [first, second, ...written] = await Promise.all([prune(), prune(), ...changed.map(write)]);
    const left = await database.sql("SELECT id FROM workflow_instances ORDER BY id");
    expect(left.map(({ id }) => id)).toEqual(written.flat().sort());
    expect(first + second).toBe(600 - left.length);
  });

  it("prune ends if the rows can't be deleted", async () => {
    const storage = route.create();
    await storage.putMany(completed(7));
    await database.sql("CREATE RULE keep AS ON DELETE TO workflow_instances DO INSTEAD NOTHING");
    try {
      expect(await storage.prune({ status: "completed" }, { batchSize: 5 })).toBe(0);
    } finally {
      await database.sql("DROP RULE keep ON workflow_instances");
    }
    expect(await database.sql("SELECT count(*)::int AS n FROM workflow_instances")).toEqual([{ n: 7 }]);
  });

  it("putMany sends rows as VALUES, which Citus takes shard by shard, and count reads no ids", async () => {
    const storage = route.create();
    await storage.putMany(completed(201));
    expect(await storage.count()).toBe(201);
    expect(textsOf(pool.sent())).toEqual([
      expect.stringMatching(/^INSERT INTO (?!.*(unnest|SELECT)).* VALUES \(.*\) ON CONFLICT \(id\)/),
      expect.stringMatching(/^SELECT count\(\*\)::text AS count FROM [^(]*$/),
    ]);
  });
});

// A view of distinct rows can't be locked: PostgreSQL says 0A000, as the coordinator of Citus does for rows of several nodes.
describe.each(sqlWays)("on a server that answers 0A000 to FOR UPDATE, by $way,", ({ routeOn }) => {
  const { database, route } = sqlOn(routeOn);
  beforeAll(() => pretendCitus(database));
  beforeAll(() =>
    database.sql(`
      ALTER TABLE workflow_instances RENAME TO shards;
      CREATE VIEW workflow_instances AS SELECT DISTINCT * FROM shards;
      CREATE FUNCTION delete_from_shards() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN DELETE FROM shards WHERE id = OLD.id; RETURN OLD; END $$;
      CREATE TRIGGER to_shards INSTEAD OF DELETE ON workflow_instances FOR EACH ROW EXECUTE FUNCTION delete_from_shards()`),
  );

  it.each(runs)("prune deletes in batches, $where", async ({ run }) => {
    await expect(database.sql("SELECT id FROM workflow_instances FOR UPDATE SKIP LOCKED")).rejects.toMatchObject({ code: "0A000" });
    await database.sql("INSERT INTO shards (id, workflow, status) SELECT 'a' || n, 'W', 'failed' FROM generate_series(10, 34) AS n");
    await database.sql("INSERT INTO shards (id, workflow, status) VALUES ('other', 'W', 'waiting')");
    await run(route, async (storage) => {
      const progress: number[] = [];
      expect(await storage.prune({ status: "failed" }, { batchSize: 10, onProgress: (pruned) => progress.push(pruned) })).toBe(25);
      expect(progress).toEqual([10, 20, 25]);
    });
    expect(await database.sql("SELECT id FROM shards")).toEqual([{ id: "other" }]);
  });
});
