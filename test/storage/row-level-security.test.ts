import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage, type PrismaStorage, type PrismaStorageOptions, type QueryFilters } from "hephaestus-prisma";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PrismaClient } from "../../generated/prisma/client.js";
import { preparePostgresDatabase } from "../database.js";
import { anInstance } from "hephaestus-prisma/testing";
import { databaseOn, TABLE } from "../storage-on.js";

describe("an extension that says whose each statement is, for row-level security", () => {
  const database = databaseOn(preparePostgresDatabase);
  const at = new URL(database.url);
  const role = `tenants_${at.pathname.slice(-8)}`;
  at.username = role;
  at.password = role;
  const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: at.href }) });

  /** As in Prisma's own example, but for raw SQL too. */
  function storageOf(tenant: string, options?: PrismaStorageOptions): PrismaStorage {
    const extended = client.$extends({
      query: {
        async $allOperations({ args, query }) {
          const [, result] = await client.$transaction([
            client.$executeRaw`SELECT set_config('app.tenant', ${tenant}, true)`,
            query(args) as ReturnType<typeof client.$executeRaw>,
          ]);
          return result as unknown;
        },
      },
    });
    return createPrismaStorage(extended, options);
  }

  beforeAll(async () => {
    await database.sql(`
      CREATE ROLE ${role} LOGIN PASSWORD '${role}';
      GRANT SELECT, INSERT, UPDATE, DELETE ON workflow_instances TO ${role};
      ALTER TABLE workflow_instances ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own ON workflow_instances USING (id LIKE current_setting('app.tenant', true) || '::%')`);
  });
  afterAll(async () => {
    await client.$disconnect();
    await database.sql(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });

  it.each<[string, PrismaStorageOptions, QueryFilters]>([
    ["Prisma's verbs", {}, { status: "completed" }],
    ["SQL", { table: TABLE }, { stateContains: { current_step: "payment" } }],
  ])("keeps tenants apart, by %s", async (_, options, filters) => {
    await database.sql("DELETE FROM workflow_instances");
    const [acme, globex] = [storageOf("acme", options), storageOf("globex", options)];
    for (const [storage, tenant] of [
      [acme, "acme"],
      [globex, "globex"],
    ] as const)
      for (const n of [1, 2]) await storage.put(anInstance({ id: `${tenant}::${n}`, status: "completed" }));
    expect(await acme.count(filters)).toBe(2);
    expect((await acme.query()).map(({ id }) => id)).toEqual(["acme::1", "acme::2"]);
    expect(await acme.get("globex::1")).toBeNull();
    await expect(acme.put(anInstance({ id: "globex::3" }))).rejects.toThrow(/row-level security/);
    await expect(acme.put(anInstance({ id: "globex::1" }))).rejects.toThrow(/row-level security/);
    await acme.delete("globex::1");
    expect(await acme.prune(filters, { includeActive: true })).toBe(2);
    expect(await database.sql("SELECT id FROM workflow_instances ORDER BY id")).toEqual([{ id: "globex::1" }, { id: "globex::2" }]);
  });

  it("keeps many that are put at once apart, which by SQL is one statement", async () => {
    await database.sql("DELETE FROM workflow_instances");
    const acme = storageOf("acme", { table: TABLE });
    await expect(acme.putMany([anInstance({ id: "acme::3" }), anInstance({ id: "globex::3" })])).rejects.toThrow(/row-level security/);
    await acme.putMany([anInstance({ id: "acme::1" }), anInstance({ id: "acme::2" })]);
    expect(await database.sql("SELECT id FROM workflow_instances ORDER BY id")).toEqual([{ id: "acme::1" }, { id: "acme::2" }]);
  });
});
