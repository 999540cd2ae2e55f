import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage, type Instance } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { describe, expect, it } from "vitest";
import { PrismaClient } from "../../generated/prisma/client.js";
import { databases, preparePostgresDatabase } from "../database.js";
import { storageOn } from "../storage-on.js";

const many = (count: number, change: Partial<Instance> = {}): Instance[] =>
  Array.from({ length: count }, (_, n) => anInstance({ id: `order::${n}`, ...change }));

describe.each(databases)("putMany on $on", ({ prepare }) => {
  const { database } = storageOn(prepare);

  // A client without raw SQL gets a transaction of upserts.
  const withoutRaw = createPrismaStorage({
    workflowInstance: database.client.workflowInstance,
    $transaction: (statements) => database.client.$transaction(statements as never),
  });

  describe.each([
    ["one statement", createPrismaStorage(database.client)],
    ["a transaction of upserts", withoutRaw],
  ])("as %s", (_, storage) => {
    it("stores all instances as put does", async () => {
      const rich = anInstance({ id: "rich", runtimeMetadata: { at: new Date(0), text: "\0'\"\\{},NULL", undef: undefined } });
      await storage.putMany([...many(3), rich]);
      expect(await storage.query()).toStrictEqual([...many(3), rich]);
      await storage.put(anInstance({ id: "single" }));
      const forms = await database.sql("SELECT DISTINCT state FROM workflow_instances WHERE id <> 'rich'");
      expect(forms).toHaveLength(1);
    });

    it("keeps versions and inserted_at of stored instances, and renews the rest", async () => {
      await storage.putMany(many(2));
      await database.sql("UPDATE workflow_instances SET inserted_at = '2020-01-01', updated_at = '2020-01-01'");
      await storage.putMany(many(3, { workflowVersion: 9, workflow: "Order.V9", status: "failed" }));
      const rows = await database.sql(
        "SELECT id, workflow, workflow_version, status, inserted_at < '2021-01-01' AS old, updated_at > '2021-01-01' AS renewed FROM workflow_instances ORDER BY id",
      );
      expect(rows).toEqual([
        { id: "order::0", workflow: "Order.V9", workflow_version: 2, status: "failed", old: true, renewed: true },
        { id: "order::1", workflow: "Order.V9", workflow_version: 2, status: "failed", old: true, renewed: true },
        { id: "order::2", workflow: "Order.V9", workflow_version: 9, status: "failed", old: false, renewed: true },
      ]);
    });

    it("of instances with one id stores the last, with the first one's version, as puts one after the other would", async () => {
      await storage.putMany([
        anInstance({ workflowVersion: 3, status: "running" }),
        anInstance({ id: "b" }),
        anInstance({ workflowVersion: 4, status: "failed" }),
      ]);
      expect(await storage.get("order::1")).toStrictEqual(anInstance({ workflowVersion: 3, status: "failed" }));
    });

    it("writes both timestamps in UTC", async () => {
      await storage.putMany(many(1));
      const [row] = await database.sql(
        "SELECT inserted_at = updated_at AS same, abs(extract(epoch FROM timezone('UTC', now()) - updated_at)) < 600 AS utc FROM workflow_instances",
      );
      expect(row).toEqual({ same: true, utc: true });
    });

    it("stores none if one is rejected by the storage or by the database", async () => {
      await expect(storage.putMany([...many(2), anInstance({ id: "" })])).rejects.toMatchObject({ code: "INVALID_INSTANCE" });
      await database.sql("ALTER TABLE workflow_instances ADD CONSTRAINT no_bad CHECK (id <> 'bad')");
      await expect(storage.putMany([...many(2), anInstance({ id: "bad" }), anInstance({ id: "z" })])).rejects.toThrow(/no_bad/);
      await database.sql("ALTER TABLE workflow_instances DROP CONSTRAINT no_bad");
      expect(await storage.query()).toEqual([]);
    });

    it("does nothing for no instances", async () => {
      database.statements();
      await storage.putMany([]);
      expect(await storage.query()).toEqual([]);
    });
  });
});

describe("putMany of many instances", () => {
  const { database, storage } = storageOn(preparePostgresDatabase);

  it("is one statement per thousand rows, and all or nothing across statements", async () => {
    await storage.putMany(many(1)); // looks up the table's name, once per client
    database.statements();
    await storage.putMany(many(2_500));
    expect(database.statements().filter((statement) => /INSERT/.test(statement))).toHaveLength(3);
    expect(await database.sql("SELECT count(*)::int AS n FROM workflow_instances")).toEqual([{ n: 2_500 }]);
    await database.sql("DELETE FROM workflow_instances");
    await database.sql("ALTER TABLE workflow_instances ADD CONSTRAINT no_bad CHECK (id <> 'z')");
    await expect(storage.putMany([...many(2_500), anInstance({ id: "z" })])).rejects.toThrow(/no_bad/);
    expect(await database.sql("SELECT count(*)::int AS n FROM workflow_instances")).toEqual([{ n: 0 }]);
    await database.sql("ALTER TABLE workflow_instances DROP CONSTRAINT no_bad");
  });

  it("splits large states into statements of 8 MB", async () => {
    const large = many(5, { runtimeMetadata: { text: "x".repeat(3_000_000) } });
    await storage.putMany(large);
    database.statements();
    await storage.putMany(large);
    expect(database.statements().filter((statement) => /INSERT/.test(statement))).toHaveLength(3);
    expect(await storage.query()).toStrictEqual(large);
  });

  it("never deadlocks when two batches in opposite order run concurrently", async () => {
    const storage = createPrismaStorage(database.client, { retry: false });
    const forth = many(200);
    await storage.putMany(forth);
    const back = forth.toReversed();
    await Promise.all(Array.from({ length: 40 }, (_, n) => storage.putMany(n % 2 === 0 ? forth : back)));
    expect(await database.sql("SELECT count(*)::int AS n FROM workflow_instances")).toEqual([{ n: 200 }]);
  });

  it("writes into the schema that the driver adapter names, and into no other", async () => {
    await database.sql(`CREATE SCHEMA tenant_a`);
    await database.sql(`CREATE TABLE tenant_a.workflow_instances (LIKE public.workflow_instances INCLUDING ALL)`);
    const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }, { schema: "tenant_a" }) });
    await createPrismaStorage(client).putMany(many(2));
    await client.$transaction((tx) => createPrismaStorage(tx).putMany(many(3)));
    expect(
      await database.sql(
        "SELECT (SELECT count(*)::int FROM tenant_a.workflow_instances) AS theirs, (SELECT count(*)::int FROM public.workflow_instances) AS ours",
      ),
    ).toEqual([{ theirs: 3, ours: 0 }]);
    await client.$disconnect();
  });

  it("requires a client that can store all or none", async () => {
    const bare = createPrismaStorage({ workflowInstance: database.client.workflowInstance });
    await expect(bare.putMany(many(2))).rejects.toMatchObject({ code: "INVALID_CLIENT" });
    await bare.putMany(many(1));
    expect(await database.sql("SELECT id FROM workflow_instances")).toEqual([{ id: "order::0" }]);
  });
});
