import { createServer } from "node:net";
import {
  createInstance,
  createSqlStorage,
  NotExecutedError,
  type SqlClient,
  type SqlStatement,
  type SqlStorageOptions,
} from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import postgres from "postgres";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { postgresJsClient } from "../../examples/drivers/postgres-js.js";
import { pgliteClient } from "../../examples/drivers/pglite.js";
import { startTcpProxy } from "../../tools/tcp-proxy.js";
import { preparePgliteDatabase, preparePostgresDatabase } from "../database.js";
import { databaseOn } from "../storage-on.js";

const database = databaseOn(preparePostgresDatabase);
let sql: postgres.Sql;
beforeEach(async () => {
  sql = postgres(database.url, { onnotice: () => {} });
  await database.sql("DELETE FROM workflow_instances");
});
afterEach(() => sql.end());

const found = (table = "workflow_instances"): Promise<unknown> => database.sql(`SELECT id, status FROM ${table} ORDER BY id`);

describe("createSqlStorage", () => {
  it("finds the table by the search path, or takes it by its name or with its schema", async () => {
    await database.sql(`
      CREATE SCHEMA tenant;
      CREATE TABLE tenant.workflow_instances (LIKE workflow_instances INCLUDING ALL);
      CREATE TABLE tenant.runs (LIKE workflow_instances INCLUDING ALL)`);
    const tenant = postgres(database.url, { connection: { search_path: "tenant" } });
    const client = postgresJsClient(tenant);
    await createSqlStorage(client).put(anInstance({ id: "default" }));
    await createSqlStorage(client, { table: "runs" }).put(anInstance({ id: "named" }));
    await createSqlStorage(client, { table: "public.workflow_instances" }).put(anInstance({ id: "qualified" }));
    await tenant.end();
    expect(await found("tenant.workflow_instances")).toMatchObject([{ id: "default" }]);
    expect(await found("tenant.runs")).toMatchObject([{ id: "named" }]);
    expect(await found()).toMatchObject([{ id: "qualified" }]);
  });

  it("rejects what is not a client, and options that it doesn't have", () => {
    const client = postgresJsClient(sql);
    const without = { ...client };
    Reflect.deleteProperty(without, "inTransaction");
    for (const wrong of [undefined, null, "client", sql, {}, { ...client, execute: undefined }, without])
      expect(() => createSqlStorage(wrong as SqlClient)).toThrow(expect.objectContaining({ code: "INVALID_CLIENT" }));
    for (const wrong of [{ namedStatements: true }, { table: "a.b.c" }, { table: undefined }])
      expect(() => createSqlStorage(client, wrong as SqlStorageOptions)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
  });

  it("rejects a client that is in no transaction as that of one", () => {
    const storage = createSqlStorage(postgresJsClient(sql));
    expect(() => storage.withTransaction(postgresJsClient(sql))).toThrow(
      "withTransaction takes a client that is inTransaction, found one that isn't",
    );
    expect(() => storage.withTransaction(sql as never)).toThrow(expect.objectContaining({ code: "INVALID_CLIENT" }));
  });

  it("commits and rolls back with the user's own statements", async () => {
    await database.sql("CREATE TABLE orders (id text PRIMARY KEY)");
    const storage = createSqlStorage(postgresJsClient(sql));
    const both = (id: string, isRolledBack: boolean): Promise<unknown> =>
      sql.begin(async (tx) => {
        await tx`INSERT INTO orders (id) VALUES (${id})`;
        await storage.withTransaction(postgresJsClient(tx)).putMany([anInstance({ id }), anInstance({ id: `${id}-2` })]);
        expect(await storage.get(id)).toBeNull();
        if (isRolledBack) throw new Error("roll back");
      });
    await expect(both("undone", true)).rejects.toThrow("roll back");
    await both("done", false);
    expect(await found()).toMatchObject([{ id: "done" }, { id: "done-2" }]);
    expect(await database.sql("SELECT id FROM orders")).toEqual([{ id: "done" }]);
  });

  it("names only the statements that have one plan for all parameters", async () => {
    const one = postgres(database.url, { max: 1, fetch_types: false });
    const storage = createSqlStorage(postgresJsClient(one));
    await storage.put(anInstance({ id: "a" }));
    await storage.get("a");
    await storage.query({ status: "pending" }, { limit: 1 });
    const prepared = await one<{ statement: string }[]>`SELECT statement FROM pg_prepared_statements ORDER BY prepare_time`;
    await one.end();
    expect(prepared.map(({ statement }) => /\w+/.exec(statement)?.[0])).toEqual(["INSERT", "SELECT", "SELECT"]);
    expect(prepared.map(({ statement }) => statement).join()).not.toContain("LIMIT");
  });

  it("stores instances in PGlite's transactions", async () => {
    const inProcess = preparePgliteDatabase();
    await inProcess.open();
    const { pglite } = inProcess;
    const storage = createSqlStorage(pgliteClient(pglite));
    const many = [anInstance({ id: "a" }), anInstance({ id: "b" })];
    await pglite.transaction((tx) => storage.withTransaction(pgliteClient(tx)).putMany(many));
    const undone = pglite.transaction(async (tx) => {
      await storage.withTransaction(pgliteClient(tx)).delete("a");
      throw new Error("roll back");
    });
    await expect(undone).rejects.toThrow("roll back");
    expect(await inProcess.sql("SELECT id FROM workflow_instances ORDER BY id")).toEqual([{ id: "a" }, { id: "b" }]);
    await inProcess.close();
  });
});

describe("what a client rejects with", () => {
  const lost = Object.assign(new Error("the driver lost its connection"), { code: "CONNECTION_CLOSED" });
  const failingOnce = (error: Error): { readonly client: SqlClient; readonly failures: Error[] } => {
    const client = postgresJsClient(sql);
    const failures = [error];
    const execute = async (statement: SqlStatement): Promise<number> => {
      const failure = failures.pop();
      if (failure !== undefined) throw failure;
      return client.execute(statement);
    };
    return { client: { ...client, execute }, failures };
  };

  it("is retried as not executed if it is a NotExecutedError, whose cause may pass", async () => {
    const { client, failures } = failingOnce(new NotExecutedError({ cause: lost }));
    await createSqlStorage(client).insert(createInstance({ id: "a", workflow: "Order.V1" }));
    expect(failures).toEqual([]);
    expect(await found()).toEqual([{ id: "a", status: "pending" }]);
  });

  it("has an unknown outcome for a write otherwise, if the connection was lost", async () => {
    const { client } = failingOnce(lost);
    await expect(createSqlStorage(client).put(anInstance())).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN", cause: lost });
    expect(await found()).toEqual([]);
  });

  it.each(["code", "sqlState", "errno"])("is known by the SQLSTATE in its %s", async (property) => {
    const { client } = failingOnce(Object.assign(new Error("deadlock detected"), { code: "DRIVER_ERROR", [property]: "40P01" }));
    await createSqlStorage(client).put(anInstance({ id: "a" }));
    expect(await found()).toMatchObject([{ id: "a" }]);
    const missing = failingOnce(Object.assign(new Error("no such table"), { code: "DRIVER_ERROR", [property]: "42P01" }));
    await expect(createSqlStorage(missing.client).put(anInstance())).rejects.toMatchObject({ code: "INVALID_TABLE" });
  });
});

describe("faults of postgres.js", () => {
  it("end in OUTCOME_UNKNOWN if the connection is lost during a write", async () => {
    const proxy = await startTcpProxy(Number(new URL(inject("serverUrl")).port));
    const through = postgres(Object.assign(new URL(database.url), { port: String(proxy.port) }).href, { max: 1 });
    const storage = createSqlStorage(postgresJsClient(through));
    await storage.put(anInstance({ id: "a" }));
    const holder = await database.pool.connect();
    await holder.query("BEGIN; SELECT FROM workflow_instances FOR UPDATE");
    const isLost = expect(storage.put(anInstance({ id: "a" }))).rejects.toMatchObject({
      code: "OUTCOME_UNKNOWN",
      cause: { code: "CONNECTION_CLOSED" },
    });
    const waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while ((await database.sql(waiting)).length === 0);
    await proxy.close();
    await isLost;
    await holder.query("ROLLBACK");
    holder.release();
    await through.end({ timeout: 0 });
  });

  it("are retried if no connection could be opened in time", async () => {
    const silent = createServer((socket) => void socket.on("error", () => {}).resume()); // reads, so that it notices the end
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as { port: number };
    const slow = postgres(`postgresql://postgres@127.0.0.1:${port}/none`, { connect_timeout: 1, max: 1, backoff: () => 0 });
    const retries: number[] = [];
    const storage = createSqlStorage(postgresJsClient(slow), {
      retry: { attempts: 2, minDelayMs: 1 },
      onOperation: (operation) => retries.push(operation.retries),
    });
    await expect(storage.put(anInstance())).rejects.toMatchObject({ code: "CONNECT_TIMEOUT" });
    expect(retries).toEqual([1]);
    await slow.end({ timeout: 0 });
    silent.close();
  });
});
