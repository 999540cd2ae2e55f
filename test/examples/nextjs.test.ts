import { createInstance, getStorage, type PrismaStorage, stopStorage } from "hephaestus-prisma";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type * as Route from "../../examples/nextjs/app/api/orders/[id]/route.js";
import type * as StorageModule from "../../examples/nextjs/lib/storage.js";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { runExample } from "./run-example.js";

describe("the files of a Next.js application", () => {
  let database: PostgresDatabase;
  let storageModule: typeof StorageModule;
  let route: typeof Route;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    Reflect.deleteProperty(globalThis, "prisma"); // where the module keeps its client, and others theirs
    vi.stubEnv("DATABASE_URL", database.url); // the module reads it when it is evaluated
    storageModule = await import("../../examples/nextjs/lib/storage.js");
    route = await import("../../examples/nextjs/app/api/orders/[id]/route.js");
  });
  beforeEach(() => database.sql("DELETE FROM workflow_instances"));
  afterAll(async () => {
    await storageModule.prisma.$disconnect();
    Reflect.deleteProperty(globalThis, "prisma");
    for (const name of ["orders", "imports"]) stopStorage(name);
    vi.unstubAllEnvs();
    await database.close();
  });

  const connections = async (): Promise<unknown> => {
    const sql =
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'nextjs-example' AND datname = current_database()";
    return (await database.sql(sql))[0]?.n;
  };
  /** Evaluates the module again, as a hot reload does. */
  const reload = async (edit: number): Promise<typeof StorageModule> => {
    const url = `${new URL("../../examples/nextjs/lib/storage.ts", import.meta.url).href}?edit=${edit}`;
    return (await import(/* @vite-ignore */ url)) as typeof StorageModule;
  };

  const context = (id: string): Parameters<typeof Route.GET>[1] => ({ params: Promise.resolve({ id }) });
  const request = (method: string, body?: string): Request =>
    new Request("http://localhost/api/orders/1", { method, ...(body !== undefined && { body }) });
  const reply = async (response: Promise<Response>): Promise<unknown> => [(await response).status, await (await response).json()];

  it("run as their README says", async () => {
    const other = await createPostgresDatabase(); // no other test connects to it
    const output = await runExample("nextjs/main.ts", { DATABASE_URL: other.url });
    await other.close();
    expect(output).toMatch(
      /^GET {6}: 404 .*\nPUT {6}: 201 .*"pending".*\nPUT again: 409 .*\nPOST {5}: 200 .*"ship".*\n\nAn edit[^]*\nGET {6}: 200 .*"ship".*\nconnections to the database: \[ \{ connections: 1 \} \]\n$/,
    );
  });

  it("keep one client and its connections, however often the module is evaluated", async () => {
    const seen = new Set<PrismaStorage>([storageModule.orders]);
    await storageModule.orders.count();
    for (let edit = 1; edit <= 8; edit++) {
      const again = await reload(edit);
      expect(again.prisma).toBe(storageModule.prisma);
      expect(getStorage("orders")).toBe(again.orders); // the new one, under the same name
      expect(getStorage("imports")).toBe(again.imports);
      await again.orders.count();
      await again.imports.count();
      seen.add(again.orders);
    }
    expect(seen.size).toBe(9); // the module was really evaluated
    expect(await connections()).toBe(1);
    for (const storage of seen) expect(await storage.count()).toBe(0); // a request from before the edit can finish
    expect(await connections()).toBe(1);
  });

  it("give each name its own options on the same rows", async () => {
    const order = { id: "1", workflow: "WebOrder.V1", initial: { body: "x".repeat(100_000) } };
    await expect(getStorage("orders").put(createInstance(order))).rejects.toMatchObject({ code: "STATE_TOO_LARGE" });
    await getStorage("imports").put(createInstance(order));
    expect(await getStorage("orders").get("1")).not.toBeNull();
  });

  it("return the progress of an order, and 404 if there is none", async () => {
    expect(await reply(route.GET(request("GET"), context("1")))).toEqual([404, { error: "there is no such order" }]);
    const placed = { id: "1", status: "pending", currentStep: null, completedSteps: [] };
    expect(await reply(route.PUT(request("PUT", '{"sku":"A-1"}'), context("1")))).toEqual([201, placed]);
    expect(await reply(route.GET(request("GET"), context("1")))).toEqual([200, placed]);
    expect(await database.sql("SELECT id, state->'context'->'initial' AS initial FROM workflow_instances")).toEqual([
      { id: "web-order::1", initial: { body: { sku: "A-1" } } },
    ]);
  });

  it("place an order once for twenty concurrent requests, and reject the others", async () => {
    const responses = await Promise.all(Array.from({ length: 20 }, () => route.PUT(request("PUT", "{}"), context("1"))));
    expect(responses.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
  });

  it("accept a payment, also twice, and return 404 for a missing order", async () => {
    expect(await reply(route.POST(request("POST"), context("1")))).toMatchObject([404, {}]);
    await route.PUT(request("PUT", "{}"), context("1"));
    const paid = [200, { id: "1", status: "running", currentStep: "ship", completedSteps: ["pay"] }];
    const pay = (): Promise<unknown> => reply(route.POST(request("POST"), context("1")));
    expect(await Promise.all([pay(), pay(), pay()])).toEqual([paid, paid, paid]);
  });

  it.each([
    ["a body that is not JSON", "1", "{", 400],
    ["an id that is too long", "x".repeat(256), "{}", 400],
    ["a body that is too large", "1", JSON.stringify("x".repeat(100_000)), 413],
  ])("reject %s, and store nothing", async (_what, id, body, status) => {
    expect((await route.PUT(request("PUT", body), context(id))).status).toBe(status);
    expect(await database.sql("SELECT id FROM workflow_instances")).toEqual([]);
  });

  it("reach no instance of another workflow", async () => {
    await database.sql("INSERT INTO workflow_instances (id, workflow) VALUES ('invoice::1', 'Invoice.V1')");
    expect((await route.GET(request("GET"), context("invoice::1"))).status).toBe(404);
  });
});
