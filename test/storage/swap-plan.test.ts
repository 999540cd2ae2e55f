import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage, type PrismaStorageOptions } from "hephaestus-prisma";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PrismaClient } from "../../generated/prisma/client.js";
import { preparePostgresDatabase } from "../database.js";
import { anInstance } from "hephaestus-prisma/testing";
import { databaseOn } from "../storage-on.js";

interface Plan {
  readonly "Node Type": string;
  readonly "Index Name"?: string;
  readonly Plans?: readonly Plan[];
}

function indexesOf(plan: Plan): string[] {
  const index = plan["Index Name"];
  return [...(index === undefined ? [] : [index]), ...(plan.Plans ?? []).flatMap(indexesOf)];
}

describe("the compare-and-swap, after a burst of instances that no statistics know", () => {
  const database = databaseOn(preparePostgresDatabase);
  const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }), log: [{ emit: "event", level: "query" }] });
  let sent: { query: string; params: string }[] = [];

  beforeAll(async () => {
    client.$on("query", (event) => sent.push(event));
    const insert = (from: number, to: number, workflow: string, status: string): Promise<unknown> =>
      database.sql(
        `INSERT INTO workflow_instances (id, workflow, status, state)
         SELECT 'order::' || n, $1::text, $2::text, jsonb_build_object('current_step', 'a') FROM generate_series($3::int, $4::int) AS n`,
        [workflow, status, from, to],
      );
    await database.sql("ALTER TABLE workflow_instances SET (autovacuum_enabled = false)");
    await insert(1, 20_000, "Old.V1", "completed");
    await database.sql("ANALYZE workflow_instances");
    await insert(20_001, 60_000, "New.V1", "pending");
  });
  afterAll(() => client.$disconnect());

  /** The indexes that a statement uses. */
  async function indexesUsed(query: string, values: unknown[]): Promise<string[]> {
    const rows = await database.sql(`EXPLAIN (FORMAT JSON) ${query}`, values);
    return rows.flatMap((row) => (row["QUERY PLAN"] as [{ Plan: Plan }]).flatMap(({ Plan }) => indexesOf(Plan)));
  }

  it.each<[string, PrismaStorageOptions, unknown, number]>([
    ["Prisma's verb", {}, 1, 0],
    ["raw SQL", { bigIntegers: "bigint", allowRawSql: true }, 9007199254740993n, 1],
  ])("looks the id up, by %s", async (_, options, n, raw) => {
    const using = raw === 0 ? client : client.$extends({ query: { $allOperations: ({ args, query }) => query(args) } });
    const storage = createPrismaStorage(using, options);
    const read = await storage.get(`order::5000${raw}`);
    sent = [];
    if (read) await storage.put({ ...read, runtimeMetadata: { n } }, { expected: read });
    const updates = sent.filter(({ query }) => /^\s*UPDATE/.test(query));
    expect(updates).toHaveLength(1);
    for (const { query, params } of updates)
      expect(await indexesUsed(query, JSON.parse(params) as unknown[])).toEqual(["workflow_instances_pkey"]);
    expect((await storage.get(`order::5000${raw}`))?.runtimeMetadata).toEqual({ n });
  });

  it("would walk the burst, if the status and workflow were compared alone, so that this test can fail", async () => {
    const plain =
      "UPDATE workflow_instances SET status = 'running' WHERE id = $1 AND workflow = $2 AND workflow_version = 1 AND status = 'pending'";
    expect(await indexesUsed(plain, ["order::50000", "New.V1"])).not.toEqual(["workflow_instances_pkey"]);
  });

  it("still notices each column that another has changed", async () => {
    const storage = createPrismaStorage(client);
    for (const change of ["workflow = 'Old.V1'", "status = 'failed'", "workflow_version = 7", `state = '{"current_step": "b"}'`]) {
      await storage.put(anInstance());
      const read = await storage.get("order::1");
      await database.sql(`UPDATE workflow_instances SET ${change} WHERE id = 'order::1'`);
      if (read) await expect(storage.put({ ...read, currentStep: "c" }, { expected: read })).rejects.toMatchObject({ code: "CONFLICT" });
      await storage.delete("order::1");
    }
  });
});
