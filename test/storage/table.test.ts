import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage, type PrismaClientLike, type PrismaStorage } from "hephaestus-prisma";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { PrismaClient } from "../../generated/prisma/client.js";
import { preparePartitionedDatabase, preparePostgresDatabase } from "../database.js";
import { anInstance } from "hephaestus-prisma/testing";
import { databaseOn, storageOn } from "../storage-on.js";

const many = (count: number) => Array.from({ length: count }, (_, n) => anInstance({ id: `order::${n}`, status: "completed" }));
const MATCH = { stateContains: { current_step: "payment" } };

describe("a partitioned table", () => {
  const { database } = storageOn(preparePartitionedDatabase);

  /** A client that hasn't looked the table up yet. */
  function fresh(): PrismaClient {
    const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }) });
    onTestFinished(() => client.$disconnect());
    return client;
  }

  it("is spread over its partitions", async () => {
    await createPrismaStorage(fresh()).putMany(many(80));
    const leaves = await database.sql("SELECT DISTINCT tableoid::regclass::text FROM workflow_instances");
    expect(leaves).toHaveLength(8);
  });

  const first: [string, (inner: PrismaStorage) => Promise<unknown>][] = [
    ["nothing", () => Promise.resolve()],
    ["a get", (inner) => inner.get("order::7")],
    ["a put", (inner) => inner.put(anInstance({ id: "order::7", status: "completed" }))],
    ["gets and puts", async (inner) => inner.put({ ...((await inner.get("order::3")) ?? anInstance()), id: "order::4" })],
  ];

  it.each(first)("is read, counted, written and pruned as a whole, in a transaction that begins with %s", async (_, begin) => {
    const client = fresh();
    const storage = createPrismaStorage(client);
    await createPrismaStorage(database.client).putMany(many(80));
    await client.$transaction(async (tx) => {
      const inner = storage.withTransaction(tx);
      await begin(inner);
      expect(await inner.query(MATCH)).toHaveLength(80);
      expect(await inner.count(MATCH)).toBe(80);
      await inner.putMany(many(81));
      expect(await inner.count()).toBe(81);
    });
    expect(await storage.count(MATCH)).toBe(81);
    expect(await storage.prune({ status: "completed" })).toBe(81);
  });
});

describe("the look-up of the table", () => {
  const { database } = storageOn(preparePostgresDatabase);

  it("takes no other connection inside a transaction, whatever is pending outside", async () => {
    const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url, max: 1 }) });
    onTestFinished(() => client.$disconnect());
    const storage = createPrismaStorage(client);
    let outside: Promise<void> | undefined;
    await client.$transaction(async (tx) => {
      outside = storage.putMany(many(3)); // waits for the only connection
      await storage.withTransaction(tx).putMany(many(5));
    });
    await outside;
    expect(await storage.count()).toBe(5);
  });

  it("inside a transaction never takes another table like ours that was read before", async () => {
    await database.sql("CREATE SCHEMA second");
    await database.sql("CREATE TABLE second.workflow_instances (LIKE public.workflow_instances INCLUDING ALL)");
    await database.sql("CREATE TABLE second.runs (LIKE public.workflow_instances INCLUDING ALL)");
    await database.sql("INSERT INTO second.runs (id, workflow) VALUES ('run', 'W')");
    const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }, { schema: "second" }) });
    onTestFinished(() => client.$disconnect());
    await client.$transaction(async (tx) => {
      await tx.$queryRawUnsafe("SELECT * FROM second.runs WHERE id = 'run'");
      const inner = createPrismaStorage(client).withTransaction(tx);
      await inner.putMany(many(3));
      expect(await inner.prune({ status: "completed" })).toBe(3);
      expect(await inner.count({ stateContains: {} })).toBe(0);
    });
    expect(await database.sql("SELECT id FROM second.runs")).toEqual([{ id: "run" }]);
  });

  it("that hangs holds up no later call", async () => {
    let hung = 0;
    const flaky: PrismaClientLike = new Proxy(database.client, {
      get(target, name) {
        if (name !== "$transaction" || hung > 0) return Reflect.get(target, name) as unknown;
        return () => {
          hung++;
          return new Promise(() => undefined);
        };
      },
    });
    const storage = createPrismaStorage(flaky, { allowRawSql: true });
    void storage.putMany(many(2));
    await storage.putMany(many(2));
    expect(hung).toBe(1);
    expect(await storage.count(MATCH)).toBe(2);
  });
});

describe("the option table", () => {
  const database = databaseOn(preparePostgresDatabase);
  const storage = (table: string, client: PrismaClientLike = database.client): PrismaStorage => createPrismaStorage(client, { table });
  beforeEach(() => database.sql("DELETE FROM workflow_instances"));

  it("names the table of raw SQL", async () => {
    for (const table of ["workflow_instances", "public.workflow_instances", '"public"."workflow_instances"']) {
      await storage(table).putMany(many(3));
      expect(await storage(table).count(MATCH)).toBe(3);
      expect(await storage(table).prune({ status: "completed" })).toBe(3);
    }
  });

  it("is an error if there is no such table", async () => {
    const missing = { code: "INVALID_OPTION", option: "table", message: expect.stringContaining("there is no table") as string };
    await expect(storage("nowhere.workflow_instances").putMany(many(2))).rejects.toMatchObject(missing);
    await expect(storage("Workflow_Instances").count(MATCH)).rejects.toMatchObject(missing);
  });

  it("is an error if the table lacks a column", async () => {
    await database.sql("CREATE TABLE IF NOT EXISTS orders (id text PRIMARY KEY, status text)");
    await expect(storage("orders").prune({ status: "failed" })).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining("lacks the columns workflow, workflow_version, state, inserted_at, updated_at") as string,
    });
  });

  it("is an error if the model's rows are in another table, outside and inside a transaction", async () => {
    await database.sql("CREATE SCHEMA IF NOT EXISTS other");
    await database.sql("CREATE TABLE IF NOT EXISTS other.workflow_instances (LIKE public.workflow_instances INCLUDING ALL)");
    const other = storage("other.workflow_instances");
    const mismatch = { code: "INVALID_OPTION", message: expect.stringContaining("are in public.workflow_instances, not in") as string };
    await database.client.$transaction(async (tx) => {
      await expect(other.withTransaction(tx).putMany(many(2))).rejects.toMatchObject(mismatch);
    });
    await expect(other.putMany(many(2))).rejects.toMatchObject(mismatch);
    await expect(other.prune({ status: "completed" })).rejects.toMatchObject(mismatch);
    expect(await database.sql("SELECT id FROM other.workflow_instances")).toEqual([]);
  });

  it("makes raw SQL possible for a client without transactions", async () => {
    // As adapters over HTTP do.
    const { client } = database;
    const http: PrismaClientLike = new Proxy(client, {
      get(target, name) {
        if (name === "$transaction") return () => Promise.reject(new Error("Transactions are not supported in HTTP mode"));
        return Reflect.get(target, name) as unknown;
      },
    });
    const named = createPrismaStorage(http, { allowRawSql: true, table: "workflow_instances" });
    await named.putMany(many(3));
    expect(await named.count(MATCH)).toBe(3);
    expect(await named.prune({ status: "completed" })).toBe(3);
    const unnamed = createPrismaStorage(http, { allowRawSql: true });
    const naming = { code: "INVALID_CLIENT", message: expect.stringContaining('{ table: "workflow_instances" }') as string };
    await expect(unnamed.putMany(many(3))).rejects.toMatchObject(naming);
    await expect(unnamed.count(MATCH)).rejects.toMatchObject({
      ...naming,
      cause: new Error("Transactions are not supported in HTTP mode"),
    });
    expect(await unnamed.count()).toBe(0);
  });
});

describe("a view behind the model", () => {
  const database = databaseOn(preparePostgresDatabase);
  const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }, { schema: "tenant_a" }) });

  beforeEach(async () => {
    await database.sql("DROP SCHEMA IF EXISTS tenant_a CASCADE");
    await database.sql("CREATE SCHEMA tenant_a");
    await database.sql(
      "CREATE VIEW tenant_a.workflow_instances AS SELECT * FROM public.workflow_instances WHERE id LIKE 'a::%' WITH CHECK OPTION",
    );
    await database.sql("DELETE FROM public.workflow_instances");
    const rows = ["a::1", "b::1", "b::2"].map((id) => anInstance({ id, status: "completed" }));
    await createPrismaStorage(database.client).putMany(rows);
    onTestFinished(() => client.$disconnect());
  });

  it.each([
    ["outside a transaction", (use: (storage: PrismaStorage) => Promise<void>) => use(createPrismaStorage(client))],
    [
      "in a transaction that has read before",
      (use: (storage: PrismaStorage) => Promise<void>) =>
        client.$transaction(async (tx) => {
          await createPrismaStorage(tx).get("a::1");
          await use(createPrismaStorage(tx));
        }),
    ],
  ])("is never gone around by raw SQL, %s", async (_, run) => {
    await run(async (storage) => {
      await expect(storage.count(MATCH)).rejects.toMatchObject({
        code: "INVALID_CLIENT",
        message: expect.stringContaining("not a view") as string,
      });
      expect(await storage.prune({ status: "completed" })).toBe(1);
    });
    expect(await database.sql("SELECT id FROM public.workflow_instances ORDER BY id")).toEqual([{ id: "b::1" }, { id: "b::2" }]);
  });

  it("is what raw SQL reads and writes if it is named", async () => {
    const storage = createPrismaStorage(client, { table: "tenant_a.workflow_instances" });
    expect(await storage.count(MATCH)).toBe(1);
    await storage.putMany([anInstance({ id: "a::2" }), anInstance({ id: "a::3" })]);
    await expect(storage.putMany([anInstance({ id: "a::4" }), anInstance({ id: "c::1" })])).rejects.toThrow(/check option/);
    expect(await storage.prune({ status: "completed" })).toBe(1);
    expect(await database.sql("SELECT id FROM public.workflow_instances ORDER BY id")).toEqual(
      ["a::2", "a::3", "b::1", "b::2"].map((id) => ({ id })),
    );
  });

  it("can't be gone around by naming its table", async () => {
    const storage = createPrismaStorage(client, { table: "public.workflow_instances" });
    await expect(storage.count(MATCH)).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining("are in tenant_a.workflow_instances, not in") as string,
    });
  });
});
