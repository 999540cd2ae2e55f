import { inspect } from "node:util";
import { createInstance, type Instance, type InstanceStorage } from "hephaestus-prisma";
import { createPgStorage } from "hephaestus-prisma/pg";
import { anInstance } from "hephaestus-prisma/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { encryption, type Keys } from "../../examples/transform/encryption.js";
import { leftToUpgrade, upgrade, upgradeAll } from "../../examples/transform/upgrade.js";
import { preparePostgresDatabase } from "../database.js";
import { databaseOn } from "../storage-on.js";

const database = databaseOn(preparePostgresDatabase);
const plain = createPgStorage(database.pool);
beforeEach(() => database.sql("DELETE FROM workflow_instances"));

const aKey = () => crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
const byId: Keys["byId"] = { k1: await aKey(), k2: await aKey() };
const encrypting = (keys: Keys, options?: { acceptPlain: boolean }): InstanceStorage =>
  createPgStorage(database.pool, { transform: encryption(keys, options) });
const storage = encrypting({ current: "k1", byId });

const SECRET = "4111 1111 1111 1111";
const secret = (change: Partial<Instance> = {}): Instance =>
  anInstance({
    context: { initial: { card: SECRET, at: new Date(0), large: 2n ** 70n }, steps: { pay: { cards: new Set([SECRET]) } } },
    executionHistory: [
      { stepRef: "pay", event: "paid", timestamp: "2026-04-12T10:11:12Z", contextUpdates: { card: SECRET } },
      { stepRef: "ship", event: "late", timestamp: "2026-04-12T10:11:13Z", contextUpdates: null },
      { stepRef: "ship", event: "shipped", timestamp: "2026-04-12T10:11:14Z", contextUpdates: { card: SECRET } },
    ],
    ...change,
  });

const unreadable = { code: "TRANSFORM_FAILED", id: "order::1" };
const set = (path: string, value: string, id = "order::1"): Promise<unknown> =>
  database.sql(`UPDATE workflow_instances SET state = jsonb_set(state, '${path}', ${value}) WHERE id = $1`, [id]);
const keysInUse = async (): Promise<unknown[]> =>
  (await database.sql("SELECT DISTINCT state #>> '{context,initial,key}' AS key FROM workflow_instances ORDER BY key")).map(
    ({ key }) => key,
  );
const reencrypt = async (on: InstanceStorage): Promise<void> => {
  for await (const { id } of on.stream()) await on.update(id, (order) => ({ ...order }));
};

describe("the example of encryption", () => {
  it("stores neither a context nor updates in plain text, and returns them as they went in", async () => {
    await storage.put(secret());
    const [row] = await database.sql("SELECT id, workflow, status, state, state::text AS text FROM workflow_instances");
    expect(row?.text).not.toContain(SECRET);
    expect(row).toMatchObject({ id: "order::1", workflow: "Order.V2", status: "waiting" });
    const sealed = { key: "k1", iv: expect.any(String) as string, sealed: expect.any(String) as string };
    expect(row?.state).toMatchObject({
      context: { initial: sealed, steps: sealed },
      execution_history: [{ event: "paid", context_updates: sealed }, { context_updates: null }, { context_updates: sealed }],
      runtime_metadata: { trace_id: "abc-123" },
    });
    expect(await storage.get("order::1")).toStrictEqual(secret());
    expect(await storage.query()).toStrictEqual([secret()]);
  });

  it("never encrypts the same value to the same text, and updates and swaps nevertheless", async () => {
    await storage.putMany([secret(), secret({ id: "order::2" })]);
    const sealed = await database.sql("SELECT DISTINCT state #>> '{context,initial,sealed}' AS text FROM workflow_instances");
    expect(sealed).toHaveLength(2);
    const running = await storage.update("order::1", (order) => ({ ...order, status: "running" }));
    await storage.put({ ...running, status: "completed" }, { expected: running });
    await expect(storage.put({ ...running, status: "failed" }, { expected: running })).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await storage.get("order::1")).toStrictEqual(secret({ status: "completed" }));
  });

  it("rejects values that were swapped between rows, and between places in a row", async () => {
    await storage.putMany([secret(), secret({ id: "order::2" })]);
    const other = (path: string): string => `(SELECT state #> '${path}' FROM workflow_instances WHERE id = 'order::2')`;
    for (const path of ["{context,initial}", "{context,steps}", "{execution_history,0,context_updates}"]) {
      await storage.put(secret());
      await set(path, other(path));
      await expect(storage.get("order::1")).rejects.toMatchObject(unreadable);
    }
    for (const [path, from] of [
      ["{context,initial}", "{context,steps}"],
      ["{execution_history,0,context_updates}", "{execution_history,2,context_updates}"],
      ["{execution_history,0,context_updates}", "{context,initial}"],
    ] as const) {
      await storage.put(secret());
      await set(path, `state #> '${from}'`);
      await expect(storage.get("order::1")).rejects.toMatchObject(unreadable);
    }
    expect(await storage.get("order::2")).toStrictEqual(secret({ id: "order::2" }));
    expect(await storage.query({}, { onUnreadable: "skip" })).toStrictEqual([secret({ id: "order::2" })]);
  });

  it("rejects a changed value, and says nothing of it", async () => {
    await storage.put(secret());
    await set("{context,initial,sealed}", "to_jsonb('AAAA' || substr(state #>> '{context,initial,sealed}', 5))");
    const error: unknown = await storage.get("order::1").catch((reason: unknown) => reason);
    expect(error).toMatchObject({ ...unreadable, reason: { name: "OperationError" } });
    expect(inspect(error, { depth: null })).not.toContain(SECRET);
  });

  it("fails closed on plain values, unless it is told to accept them while it is rolled out", async () => {
    await plain.put(secret());
    await storage.put(secret({ id: "order::2" }));
    await expect(storage.get("order::1")).rejects.toMatchObject(unreadable);
    await expect(storage.update("order::1", (order) => ({ ...order, status: "failed" }))).rejects.toMatchObject(unreadable);
    const rollingOut = encrypting({ current: "k1", byId }, { acceptPlain: true });
    expect(await rollingOut.query()).toStrictEqual([secret(), secret({ id: "order::2" })]);
    await reencrypt(rollingOut);
    expect(await storage.query()).toStrictEqual([secret(), secret({ id: "order::2" })]);
    expect(await database.sql("SELECT FROM workflow_instances WHERE state::text LIKE '%4111%'")).toEqual([]);
  });

  it("rotates keys: the new one encrypts, the old one decrypts until nothing needs it", async () => {
    await storage.putMany([secret(), secret({ id: "order::2" })]);
    const both = encrypting({ current: "k2", byId });
    const onlyNew = encrypting({ current: "k2", byId: { k2: byId.k2 ?? expect.fail("it is a key") } });
    await both.update("order::2", (order) => ({ ...order }));
    expect(await keysInUse()).toEqual(["k1", "k2"]);
    expect(await both.query()).toStrictEqual([secret(), secret({ id: "order::2" })]);
    await expect(onlyNew.get("order::1")).rejects.toMatchObject({ ...unreadable, reason: { message: "there is no key k1" } });
    await reencrypt(both);
    expect(await keysInUse()).toEqual(["k2"]);
    expect(await onlyNew.query()).toStrictEqual([secret(), secret({ id: "order::2" })]);
    await expect(encrypting({ current: "k3", byId }).put(secret())).rejects.toThrow("there is no key k3");
  });
});

describe("the example of an upgrade", () => {
  const upgrading = createPgStorage(database.pool, { transform: upgrade });
  const order = (id: string, workflowVersion: number, total: unknown): Instance =>
    createInstance({ id, workflow: "Order.V1", workflowVersion, initial: { total, note: "gift" } });
  const upgraded = ({ id, workflowVersion }: Instance, cents: number): Instance =>
    createInstance({ id, workflow: "Order.V2", workflowVersion, initial: { cents, currency: "EUR", note: "gift" } });
  const [a, b, c] = [order("a", 1, 19.99), order("b", 2, 5), order("c", 1, "12")];
  const stored = () => database.sql("SELECT id, workflow, workflow_version AS version FROM workflow_instances ORDER BY id");

  it("returns old orders in the new shape, and stores each so once it is written", async () => {
    await plain.putMany([a, b]);
    expect(await upgrading.query({ workflowFamily: "Order." })).toEqual([upgraded(a, 1999), upgraded(b, 500)]);
    await upgrading.update("a", (current) => current);
    expect(await plain.get("a")).toEqual(a);
    await upgrading.update("a", (current) => ({ ...current, status: "running" }));
    expect(await plain.query()).toEqual([{ ...upgraded(a, 1999), status: "running" }, b]);
    const current = await upgrading.get("b");
    if (current === null) return expect.fail("it is stored");
    await upgrading.put({ ...current, status: "failed" }, { expected: current });
    expect(await plain.get("b")).toEqual({ ...upgraded(b, 500), status: "failed" });
  });

  it("upgrades all, while others write, and counts by version what is left", async () => {
    await plain.putMany([a, b, upgraded(order("d", 3, 1), 100), order("e", 1, 2)]);
    expect(await leftToUpgrade(upgrading)).toEqual(new Map([[1, 2], [2, 1]])); // prettier-ignore
    const others = ["a", "b", "d"].map((id) => upgrading.update(id, (current) => ({ ...current, currentStep: "ship" })));
    const [count] = await Promise.all([upgradeAll(upgrading), ...others]);
    expect(count).toBeGreaterThanOrEqual(1); // nobody else writes e
    expect(await leftToUpgrade(upgrading)).toEqual(new Map());
    expect(await stored()).toEqual([
      { id: "a", workflow: "Order.V2", version: 1 },
      { id: "b", workflow: "Order.V2", version: 2 },
      { id: "d", workflow: "Order.V2", version: 3 },
      { id: "e", workflow: "Order.V2", version: 1 },
    ]);
    expect((await plain.query()).map(({ currentStep }) => currentStep)).toEqual(["ship", "ship", "ship", null]);
    expect(await upgradeAll(upgrading)).toBe(0);
  });

  it("names an order that can't be upgraded, and leaves it alone", async () => {
    await plain.putMany([a, c]);
    await expect(upgradeAll(upgrading)).rejects.toMatchObject({ code: "TRANSFORM_FAILED", id: "c" });
    expect(await leftToUpgrade(upgrading)).toEqual(new Map([[1, 1]]));
    expect(await plain.get("c")).toEqual(c);
  });
});
