import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage, type Instance, type InstanceStorage } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PrismaClient } from "../../generated/prisma/client.js";
import { preparePostgresDatabase } from "../database.js";
import { indexesOf, plannedOf, planOf, plansOf } from "../plans.js";
import { RecordingPool } from "../recording-pool.js";
import { sqlWays } from "../sql-ways.js";
import { databaseOn } from "../storage-on.js";

interface Route {
  create(): InstanceStorage;
  close(): Promise<void>;
}

function verbsOn(pool: pg.Pool): Route {
  const client = new PrismaClient({ adapter: new PrismaPg(pool) });
  return { create: () => createPrismaStorage(client), close: () => client.$disconnect() };
}

describe("the compare-and-swap, after a burst of instances that no statistics know", () => {
  const database = databaseOn(preparePostgresDatabase);
  const pool = new RecordingPool({ connectionString: database.url });
  const ways = [{ way: "Prisma's verbs", routeOn: (on: pg.Pool): Route => verbsOn(on) }, ...sqlWays].map(({ way, routeOn }) => ({
    way,
    route: routeOn(pool),
  }));

  beforeAll(async () => {
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
  afterAll(async () => {
    for (const { route } of ways) await route.close();
    await pool.end();
  });

  it.each(ways)("looks the id up, by $way", async ({ way, route }) => {
    const storage = route.create();
    const read = (await storage.get("order::50000")) as Instance;
    pool.sent();
    await storage.put({ ...read, runtimeMetadata: { way } }, { expected: read });
    const updates = plannedOf(pool.sent());
    expect(updates.map(({ text }) => text.slice(0, 6))).toEqual(["UPDATE"]);
    for (const update of updates)
      for (const plan of await plansOf(pool, update)) expect(indexesOf(plan)).toEqual(["workflow_instances_pkey"]);
    expect((await storage.get("order::50000"))?.runtimeMetadata).toEqual({ way });
  });

  it("would walk the burst, if the status and workflow were compared alone, so that this test can fail", async () => {
    const text =
      "UPDATE workflow_instances SET status = 'running' WHERE id = $1 AND workflow = $2 AND workflow_version = 1 AND status = 'pending'";
    expect(indexesOf(await planOf(pool, { text, values: ["order::50000", "New.V1"] }))).not.toEqual(["workflow_instances_pkey"]);
  });

  it.each(ways)("still notices each column that another has changed, by $way", async ({ route }) => {
    const storage = route.create();
    for (const change of ["workflow = 'Old.V1'", "status = 'failed'", "workflow_version = 7", `state = '{"current_step": "b"}'`]) {
      await storage.put(anInstance());
      const read = (await storage.get("order::1")) as Instance;
      await database.sql(`UPDATE workflow_instances SET ${change} WHERE id = 'order::1'`);
      await expect(storage.put({ ...read, currentStep: "c" }, { expected: read })).rejects.toMatchObject({ code: "CONFLICT" });
      await storage.delete("order::1");
    }
  });
});
