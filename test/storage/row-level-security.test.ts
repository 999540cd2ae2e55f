import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage, type PrismaStorage } from "hephaestus-prisma";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PrismaClient } from "../../generated/prisma/client.js";
import { preparePostgresDatabase } from "../database.js";
import { anInstance } from "hephaestus-prisma/testing";
import { databaseOn } from "../storage-on.js";

const MATCH = { stateContains: { current_step: "payment" } };

describe("an extension that says whose each statement is, for row-level security", () => {
  const database = databaseOn(preparePostgresDatabase);
  const at = new URL(database.url);
  const role = `tenants_${at.pathname.slice(-8)}`;
  at.username = role;
  at.password = role;
  const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: at.href }) });

  /** As in Prisma's own example, but for raw SQL too. */
  function storageOf(tenant: string): PrismaStorage {
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
    return createPrismaStorage(extended, { allowRawSql: true, table: "public.workflow_instances" });
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

  it("keeps tenants apart in raw SQL, which finds the table by its name", async () => {
    const [acme, globex] = [storageOf("acme"), storageOf("globex")];
    for (const [storage, tenant] of [
      [acme, "acme"],
      [globex, "globex"],
    ] as const)
      await storage.putMany([1, 2].map((n) => anInstance({ id: `${tenant}::${n}`, status: "completed" })));
    expect(await acme.count(MATCH)).toBe(2);
    await expect(acme.putMany([anInstance({ id: "acme::3" }), anInstance({ id: "globex::3" })])).rejects.toThrow(/row-level security/);
    expect(await acme.prune(MATCH, { includeActive: true })).toBe(2);
    expect(await database.sql("SELECT id FROM workflow_instances ORDER BY id")).toEqual([{ id: "globex::1" }, { id: "globex::2" }]);
  });
});
