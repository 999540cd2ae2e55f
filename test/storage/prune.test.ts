import { createPrismaStorage, type Instance, STATUSES } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { connectClient, preparePostgresDatabase } from "../database.js";
import { sqlOn, sqlWays } from "../sql-ways.js";
import { storageOn, TABLE, ways } from "../storage-on.js";

const stored: Instance[] = STATUSES.flatMap((status) =>
  Array.from({ length: 8 }, (_, n) => anInstance({ id: `${status}::${n}`, workflow: n % 2 === 0 ? "Order.V1" : "Invoice", status })),
);

const done = { statusIn: ["completed", "failed"] } as const;

describe.each(ways)("prune by $way on $on", ({ prepare, options: by }) => {
  const { database, storage } = storageOn(prepare, by);
  beforeEach(async () => {
    await storage.putMany(stored);
    await database.sql("UPDATE workflow_instances SET updated_at = timestamp '2026-01-01' + right(id, 1)::int * interval '1 day'");
  });

  const left = async (): Promise<number> => Number((await database.sql("SELECT count(*)::int AS n FROM workflow_instances"))[0]?.n);

  it("deletes only what matches, and returns the number", async () => {
    const filters = { ...done, updatedBefore: new Date("2026-01-05"), workflowFamily: "Order." };
    expect(await storage.prune(filters)).toBe(4);
    expect(await storage.count(filters)).toBe(0);
    expect(await left()).toBe(36);
    expect(await storage.prune(filters)).toBe(0);
  });

  it("deletes in batches, and reports the total after each", async () => {
    const progress: number[] = [];
    database.statements();
    expect(await storage.prune(done, { batchSize: 6, onProgress: (pruned) => progress.push(pruned) })).toBe(16);
    expect(progress).toEqual([6, 12, 16]);
    expect(database.statements().filter((sql) => sql.includes("DELETE"))).toHaveLength(3);
  });

  it.each([
    [{}, {}, "", "prune would delete every instance: add a filter that selects some of them, or say so with { all: true }"],
    [
      { workflowFamily: "" },
      { includeActive: true },
      "",
      "prune would delete every instance: add a filter that selects some of them, or say so with { all: true }",
    ],
    [
      { updatedBefore: new Date() },
      {},
      "statusIn",
      /^prune would delete instances that may still run \(pending, running, waiting\): give statusIn: \["completed", "failed"\], or say so/,
    ],
    [{ statusIn: ["completed", "waiting"] }, {}, "statusIn", /may still run \(waiting\)/],
    [{ status: "running" }, {}, "status", /may still run \(running\)/],
    [{}, { all: true }, "statusIn", /may still run \(pending, running, waiting\)/],
  ] as const)("rejects the filters %j with %j", async (filters, options, filter, message) => {
    database.statements();
    await expect(storage.prune(filters, options)).rejects.toMatchObject({ code: "INVALID_FILTER", filter });
    await expect(storage.prune(filters, options)).rejects.toThrow(message);
    expect(database.statements()).toEqual([]);
    expect(await left()).toBe(40);
  });

  it("ends if the database keeps some rows, and deletes the others", async () => {
    await database.sql(
      "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN CASE WHEN OLD.id > 'd' THEN OLD END; END $$",
    );
    await database.sql("CREATE TRIGGER keep BEFORE DELETE ON workflow_instances FOR EACH ROW EXECUTE FUNCTION keep()");
    try {
      expect(await storage.prune(done, { batchSize: 3 })).toBe(8);
      expect(await storage.count({ status: "completed" })).toBe(8);
      expect(await storage.prune(done, { batchSize: 8 })).toBe(0);
    } finally {
      await database.sql("DROP FUNCTION keep CASCADE");
    }
  });
});

describe.each(sqlWays)("prune by $way, while others have locked rows,", ({ routeOn }) => {
  const { database, route } = sqlOn(routeOn);
  const storage = route.create();

  it("leaves those, and doesn't wait for them", async () => {
    await storage.putMany(stored);
    const client = await database.pool.connect();
    await client.query("BEGIN");
    await client.query("SELECT 1 FROM workflow_instances WHERE id IN ('completed::3', 'failed::5') FOR UPDATE");
    expect(await storage.prune(done, { batchSize: 4 })).toBe(14);
    expect(await route.inTransaction((within) => within.prune(done, { batchSize: 4 }))).toBe(0);
    await client.query("COMMIT");
    client.release();
    expect((await storage.query(done)).map(({ id }) => id)).toEqual(["completed::3", "failed::5"]);
    expect(await storage.prune(done)).toBe(2);
  });
});

describe("prune by Prisma's verbs, while others have locked rows,", () => {
  const { database, storage } = storageOn(preparePostgresDatabase);

  it("waits for those, and deletes none that is changed meanwhile", async () => {
    await storage.putMany(stored);
    const client = await database.pool.connect();
    await client.query("BEGIN");
    await client.query("UPDATE workflow_instances SET status = 'running' WHERE id = 'completed::3'");
    await client.query("SELECT 1 FROM workflow_instances WHERE id = 'failed::5' FOR UPDATE");
    const progress: number[] = [];
    const pruned = storage.prune(done, { batchSize: 4, onProgress: (count) => progress.push(count) });
    await vi.waitFor(async () => {
      const waiting = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
      expect(await database.sql(waiting)).toEqual([{ n: 1 }]);
    });
    expect(progress.length).toBeLessThan(4);
    await client.query("COMMIT");
    client.release();
    expect(await pruned).toBe(15);
    expect(await database.sql("SELECT status FROM workflow_instances WHERE id IN ('completed::3', 'failed::5')")).toEqual([
      { status: "running" },
    ]);
  });
});

describe.each([
  { way: "Prisma's verbs", by: {} },
  { way: "SQL", by: { table: TABLE } },
])("prune by $way, when PostgreSQL has no choice but a nested loop,", ({ by }) => {
  const { database, storage } = storageOn(preparePostgresDatabase);

  it("deletes no more than a batch at once", async () => {
    await storage.putMany(stored);
    const options = ["hashjoin", "mergejoin", "hashagg", "sort", "material"].map((way) => `-c enable_${way}=off`).join(" ");
    const client = connectClient({ connectionString: database.url, options });
    const progress: number[] = [];
    const onProgress = (pruned: number): void => void progress.push(pruned);
    await createPrismaStorage(client, by).prune({ statusIn: ["completed", "failed"] }, { batchSize: 5, onProgress });
    expect(progress).toEqual([5, 10, 15, 16]);
    await client.$disconnect();
  });
});
