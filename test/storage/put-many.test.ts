import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage, type Instance } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { describe, expect, it } from "vitest";
import { PrismaClient } from "../../generated/prisma/client.js";
import { preparePostgresDatabase } from "../database.js";
import { sqlOn, sqlWays } from "../sql-ways.js";
import { storageOn, ways } from "../storage-on.js";

const many = (count: number, change: Partial<Instance> = {}): Instance[] =>
  Array.from({ length: count }, (_, n) => anInstance({ id: `order::${n}`, ...change }));

describe.each(ways)("putMany by $way on $on", ({ prepare, options: by }) => {
  const { database, storage } = storageOn(prepare, by);

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
    expect(database.statements()).toEqual([]);
  });
});

describe.each(sqlWays)("putMany of many instances by $way", ({ routeOn }) => {
  const { database, pool, route } = sqlOn(routeOn);
  const storage = route.create();
  const inserts = (): number => pool.sent().filter(({ text }) => text.startsWith("INSERT")).length;

  it.each([
    [1, ["INSERT"]],
    [1_000, ["INSERT"]],
    [1_001, ["BEGIN", "INSERT", "INSERT", "COMMIT"]],
    [2_500, ["BEGIN", "INSERT", "INSERT", "INSERT", "COMMIT"]],
  ])("is one statement for a thousand rows, and a transaction for more: %d", async (count, verbs) => {
    await storage.putMany(many(count));
    expect(pool.sent().map(({ text }) => text.split(" ")[0])).toEqual(verbs);
    expect(await database.sql("SELECT count(*)::int AS n FROM workflow_instances")).toEqual([{ n: count }]);
  });

  it("stores all or none across statements", async () => {
    await database.sql("ALTER TABLE workflow_instances ADD CONSTRAINT no_bad CHECK (id <> 'z')");
    await expect(storage.putMany([...many(2_500), anInstance({ id: "z" })])).rejects.toThrow(/no_bad/);
    expect(await database.sql("SELECT count(*)::int AS n FROM workflow_instances")).toEqual([{ n: 0 }]);
    await database.sql("ALTER TABLE workflow_instances DROP CONSTRAINT no_bad");
  });

  it("is a statement a thousand rows in the user's transaction, which begins no other", async () => {
    await route.inTransaction((within) => within.putMany(many(2_500)));
    expect(pool.sent().map(({ text }) => text.split(" ")[0])).toEqual(["BEGIN", "INSERT", "INSERT", "INSERT", "COMMIT"]);
  });

  it("splits large states into statements of 8 MB", async () => {
    const large = many(5, { runtimeMetadata: { text: "x".repeat(3_000_000) } });
    await storage.putMany(large);
    expect(inserts()).toBe(3);
    expect(await storage.query()).toStrictEqual(large);
  });
});

describe.each(ways.filter(({ on }) => on === "PostgreSQL"))("putMany by $way", ({ way, prepare, options: by }) => {
  const { database } = storageOn(prepare, by);

  it("never deadlocks when two batches in opposite order run concurrently", async () => {
    const storage = createPrismaStorage(database.client, { ...by, retry: false });
    const count = way === "SQL" ? 200 : 50;
    const forth = many(count);
    await storage.putMany(forth);
    const back = forth.toReversed();
    // Ten at once: each has a connection, so that none waits longer than Prisma lets a transaction wait for one.
    for (let round = 0; round < 2; round++)
      await Promise.all(Array.from({ length: 10 }, (_, n) => storage.putMany(n % 2 === 0 ? forth : back)));
    expect(await database.sql("SELECT count(*)::int AS n FROM workflow_instances")).toEqual([{ n: count }]);
  });
});

describe("putMany by Prisma's verbs", () => {
  const { database, storage } = storageOn(preparePostgresDatabase);

  it("is one upsert for each instance, in a transaction", async () => {
    database.statements();
    await storage.putMany(many(25));
    const statements = database.statements().map((text) => text.split(" ")[0]);
    expect(statements).toEqual([...Array<string>(25).fill("INSERT"), "COMMIT"]); // Prisma doesn't report its BEGIN
  });

  it("takes longer than the time that the client gives a transaction, five seconds by default, however long", async () => {
    await database.sql(`
      CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.1); RETURN NEW; END $$;
      CREATE TRIGGER slow BEFORE INSERT ON workflow_instances FOR EACH ROW EXECUTE FUNCTION slow()`);
    const adapter = new PrismaPg({ connectionString: database.url });
    const impatient = new PrismaClient({ adapter, transactionOptions: { timeout: 500 } });
    await createPrismaStorage(impatient)
      .putMany(many(10))
      .finally(() => database.sql("DROP FUNCTION slow CASCADE"));
    await impatient.$disconnect();
    expect(await database.sql("SELECT count(*)::int AS n FROM workflow_instances")).toEqual([{ n: 10 }]);
  });

  it("requires a client that can store all or none", async () => {
    const bare = createPrismaStorage({ workflowInstance: database.client.workflowInstance });
    await expect(bare.putMany(many(2))).rejects.toMatchObject({ code: "INVALID_CLIENT" });
    expect(await database.sql("SELECT id FROM workflow_instances")).toEqual([]);
  });
});

describe("putMany writes into the schema", () => {
  const { database } = storageOn(preparePostgresDatabase);

  it.each([
    ["that the driver adapter names, by Prisma's verbs", {}],
    ["that the option names, by SQL", { table: "tenant_a.workflow_instances" }],
  ])("%s, and into no other", async (_, by) => {
    await database.sql("DROP SCHEMA IF EXISTS tenant_a CASCADE");
    await database.sql("CREATE SCHEMA tenant_a");
    await database.sql("CREATE TABLE tenant_a.workflow_instances (LIKE public.workflow_instances INCLUDING ALL)");
    const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }, { schema: "tenant_a" }) });
    const storage = createPrismaStorage(client, by);
    await storage.putMany(many(2));
    await client.$transaction((tx) => storage.withTransaction(tx).putMany(many(3)));
    await client.$transaction((tx) => createPrismaStorage(tx, by).putMany(many(4)));
    const counts = `SELECT (SELECT count(*)::int FROM tenant_a.workflow_instances) AS theirs, (SELECT count(*)::int FROM public.workflow_instances) AS ours`;
    expect(await database.sql(counts)).toEqual([{ theirs: 4, ours: 0 }]);
    await client.$disconnect();
  });
});
