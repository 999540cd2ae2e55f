import { createPrismaStorage, type InstanceStorage } from "hephaestus-prisma";
import { createPgStorage } from "hephaestus-prisma/pg";
import { beforeAll, describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { databaseOn, TABLE } from "../storage-on.js";

const FEW = 2_000;
const MANY = 20_000;

describe("a listing of states with zeros", () => {
  const database = databaseOn(preparePostgresDatabase);
  beforeAll(() =>
    database.sql(
      `INSERT INTO workflow_instances (id, workflow, state)
       SELECT kind || '::' || n, kind, '{"runtime_metadata": {"retries": 0, "prices": [0, 0.5, 19.99], "zero": 0.0}}'
       FROM (VALUES ('few', $1::int), ('many', $2::int)) AS kinds (kind, count), generate_series(1, count) AS n`,
      [FEW, MANY],
    ),
  );

  /** The least CPU time of some calls, in microseconds: a garbage collection may fall into any of them. */
  async function costOf(runs: number, call: () => Promise<number>, expected: number): Promise<number> {
    const costs: number[] = [];
    for (let run = 0; run < runs; run++) {
      const before = process.cpuUsage();
      expect(await call()).toBe(expected);
      const { user, system } = process.cpuUsage(before);
      costs.push(user + system);
    }
    return Math.min(...costs);
  }

  const calls: [string, (storage: InstanceStorage, workflow: string) => Promise<number>][] = [
    ["query", async (storage, workflow) => (await storage.query({ workflow })).length],
    [
      "stream",
      async (storage, workflow) => {
        let count = 0;
        for await (const { runtimeMetadata } of storage.stream({ workflow }, { batchSize: 1_000 }))
          if (runtimeMetadata.retries === 0) count++;
        return count;
      },
    ],
  ];

  describe.each([
    ["verbs", createPrismaStorage(database.client)],
    ["SQL through Prisma", createPrismaStorage(database.client, { table: TABLE })],
    ["pg", createPgStorage(database.pool)],
  ])("by %s", (_, storage) => {
    it.each(calls)(`takes CPU in proportion to its rows: a %s of ${MANY} and of ${FEW}`, async (__, call) => {
      await call(storage, "many"); // the first one compiles what all of them run
      const few = await costOf(5, () => call(storage, "few"), FEW);
      const many = await costOf(2, () => call(storage, "many"), MANY);
      expect(many / few).toBeLessThan(50); // 10 in proportion, 100 and more if it were quadratic
    });
  });
});
