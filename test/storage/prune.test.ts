import { createPrismaStorage, type Instance, STATUSES } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { connectClient, databases, preparePostgresDatabase } from "../database.js";
import { storageOn } from "../storage-on.js";

const stored: Instance[] = STATUSES.flatMap((status) =>
  Array.from({ length: 8 }, (_, n) => anInstance({ id: `${status}::${n}`, workflow: n % 2 === 0 ? "Order.V1" : "Invoice", status })),
);

describe.each(databases)("prune on $on", ({ on, prepare }) => {
  const { database, storage } = storageOn(prepare);
  beforeEach(async () => {
    await storage.putMany(stored);
    await database.sql("UPDATE workflow_instances SET updated_at = timestamp '2026-01-01' + right(id, 1)::int * interval '1 day'");
  });

  const left = async (): Promise<number> => Number((await database.sql("SELECT count(*)::int AS n FROM workflow_instances"))[0]?.n);
  const done = { statusIn: ["completed", "failed"] } as const;

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

  const WHILE_BUSY = { timeout: 60_000 }; // a busy machine takes longer than the five seconds of Prisma

  it("leaves rows that others have locked, and doesn't wait for them", async () => {
    if (on === "PGlite") return expect(await storage.prune(done)).toBe(16); // it has one connection, so nothing else holds a lock
    await database.client.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM workflow_instances WHERE id IN ('completed::3', 'failed::5') FOR UPDATE`;
      expect(await storage.prune(done, { batchSize: 4 })).toBe(14);
    }, WHILE_BUSY);
    expect((await storage.query(done)).map(({ id }) => id)).toEqual(["completed::3", "failed::5"]);
    expect(await storage.prune(done)).toBe(2);
  });
});

describe("prune, when PostgreSQL has no choice but a nested loop", () => {
  const { database, storage } = storageOn(preparePostgresDatabase);

  it("deletes no more than a batch at once", async () => {
    await storage.putMany(stored);
    const options = ["hashjoin", "mergejoin", "hashagg", "sort", "material"].map((way) => `-c enable_${way}=off`).join(" ");
    const client = connectClient({ connectionString: database.url, options });
    const progress: number[] = [];
    const onProgress = (pruned: number): void => void progress.push(pruned);
    await createPrismaStorage(client).prune({ statusIn: ["completed", "failed"] }, { batchSize: 5, onProgress });
    expect(progress).toEqual([5, 10, 15, 16]);
    await client.$disconnect();
  });
});
