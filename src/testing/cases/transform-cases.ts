import assert from "node:assert/strict";
import { inspect } from "node:util";
import type { Instance } from "../../instance/instance.js";
import type { UnreadableError } from "../../storage/options.js";
import type { InstanceStorage } from "../../storage/storage.js";
import type { Transform } from "../../storage/transform.js";
import { anInstance, instancesOf } from "../an-instance.js";
import { type Cases, eachCase } from "./cases.js";
import { collect, idsOf, read } from "./reading.js";
import { sealing } from "./sealing.js";

/** Creates a storage like another one, with this transform: on the same rows, or on none. */
export type WithTransform = (storage: InstanceStorage, transform: Transform) => InstanceStorage | Promise<InstanceStorage>;

const SECRET = "4111 1111 1111 1111";
const secret = anInstance({ context: { initial: { card: SECRET }, steps: { pay: { card: SECRET } } } });

/** Calls that write an instance over one that is stored, or in its absence. */
const writes: readonly (readonly [name: string, write: (storage: InstanceStorage, instance: Instance) => Promise<unknown>])[] = [
  ["put", (storage, instance) => storage.put(instance)],
  ["insert", (storage, instance) => storage.delete(instance.id).then(() => storage.insert(instance))],
  ["putMany", (storage, instance) => storage.putMany([instance])],
  ["update", (storage, instance) => storage.update("order::1", () => instance)],
  ["put with expected", async (storage, instance) => storage.put(instance, { expected: await read(storage) })],
];

/** What a `write` must not return, with the path that the error names. */
const faultyWrites: readonly (readonly [what: string, change: (instance: Instance) => unknown, path: string])[] = [
  ["another id", (instance) => ({ ...instance, id: "order::2" }), "id"],
  ["another workflow", (instance) => ({ ...instance, workflow: "Order.V3" }), "workflow"],
  ["another version, in place", (instance) => Object.assign(instance, { workflowVersion: 3 }), "workflowVersion"],
  ["another status", (instance) => ({ ...instance, status: "failed" }), "status"],
  ["nothing", () => undefined, ""],
  ["a context that is none", (instance) => ({ ...instance, context: SECRET }), "context"],
];

/** A transform whose `read` throws about some ids, in words that repeat the state. */
const failingOn = (...ids: readonly string[]): Transform => ({
  read(stored) {
    if (ids.includes(stored.id)) throw new Error(`can't read ${JSON.stringify(stored.context)}`);
    return stored;
  },
});

export const transformCases = (withTransform: WithTransform): Cases => ({
  ...eachCase(
    writes,
    ([name]) => `stores by ${name} what write returns, and returns what read makes of it`,
    async (plain, [, write]) => {
      const { transform, written, seen } = sealing();
      const storage = await withTransform(plain, transform);
      await storage.put(anInstance({ status: "failed" }));
      await write(storage, secret);
      assert.deepEqual(written.at(-1), secret);
      for (const found of [await storage.get("order::1"), ...(await storage.query()), ...(await collect(storage.stream()))])
        assert.deepEqual(found, secret);
      assert.deepEqual((seen.at(-1)?.context.initial as { sealed?: unknown }).sealed, { card: SECRET });
    },
  ),

  "returns from update what read makes of what was stored": async (plain) => {
    const storage = await withTransform(plain, sealing().transform);
    await storage.put(anInstance());
    const updated = await storage.update("order::1", (current) => ({ ...current, runtimeMetadata: { n: 1 }, workflowVersion: 9 }));
    assert.deepEqual(updated, anInstance({ runtimeMetadata: { n: 1 } }));
  },

  "neither calls write nor writes for what a change returns unmodified": async (plain) => {
    const { transform, written } = sealing();
    const storage = await withTransform(plain, transform);
    await storage.put(secret);
    const before = await read(storage);
    const calls = written.length;
    let given: unknown;
    assert.equal(await storage.update("order::1", (current) => (given = current)), given);
    assert.deepEqual(given, secret);
    assert.equal(written.length, calls);
    await storage.put({ ...before, status: "failed" }, { expected: before }); // the row is still what was read
  },

  "writes what a change has changed in place": async (plain) => {
    const storage = await withTransform(plain, sealing().transform);
    await storage.put(secret);
    await storage.update("order::1", (current) => Object.assign(current, { context: { initial: { card: "none" }, steps: {} } }));
    assert.deepEqual(await read(storage), { ...secret, context: { initial: { card: "none" }, steps: {} } });
  },

  "compares what is stored, though write never returns the same twice": async (plain) => {
    const storage = await withTransform(plain, sealing().transform);
    const step = async (given: Instance | undefined, currentStep: string): Promise<void> => {
      assert.ok(given !== undefined);
      await storage.put({ ...given, currentStep }, { expected: given });
      const late = storage.put({ ...given, currentStep }, { expected: given });
      await assert.rejects(late, { code: "CONFLICT", id: "order::1" });
    };
    await storage.put(secret);
    await step(await read(storage), "a");
    await step((await storage.query())[0], "b");
    await step((await collect(storage.stream()))[0], "c");
    await step(await storage.update("order::1", (current) => ({ ...current, currentStep: "d", workflowVersion: 9 })), "e");
    await step(await storage.update("order::1", (current) => current), "f");
    assert.deepEqual(await read(storage), { ...secret, currentStep: "f" });
  },

  "of three writers, four times each, loses no update": async (plain) => {
    const storage = await withTransform(plain, sealing().transform);
    await storage.put(anInstance({ runtimeMetadata: { n: 0 } }));
    const writer = async (): Promise<void> => {
      for (let n = 0; n < 4; n++)
        await storage.update("order::1", (current) => ({ ...current, runtimeMetadata: { n: Number(current.runtimeMetadata.n) + 1 } }));
    };
    await Promise.all(Array.from({ length: 3 }, writer));
    assert.deepEqual((await read(storage)).runtimeMetadata, { n: 12 });
  },

  "rejects a copy as expected, and what was never read": async (plain) => {
    const storage = await withTransform(plain, sealing().transform);
    await storage.put(secret);
    const current = await read(storage);
    for (const expected of [{ ...current }, structuredClone(current), secret])
      await assert.rejects(storage.put(anInstance(), { expected }), { code: "INVALID_OPTION", option: "expected" });
    assert.deepEqual(await read(storage), secret);
  },

  "takes what read has changed as expected, and without write a copy of what it hasn't": async (plain) => {
    const storage = await withTransform(plain, {
      read: (stored) => (stored.currentStep === "old" ? { ...stored, currentStep: "new" } : stored),
    });
    await storage.put(anInstance({ currentStep: "old" }));
    const upgraded = await read(storage);
    assert.equal(upgraded.currentStep, "new");
    await storage.put(upgraded, { expected: upgraded });
    await storage.put({ ...upgraded, status: "failed" }, { expected: { ...upgraded } });
    assert.deepEqual(await read(storage), anInstance({ currentStep: "new", status: "failed" }));
  },

  ...eachCase(
    writes.flatMap(([name, write]) => faultyWrites.map(([what, change, path]) => ({ name, write, what, change, path }))),
    ({ name, what }) => `rejects a write that returns ${what}, by ${name}, and stores nothing`,
    async (plain, { name, write, change, path }) => {
      let faulty = false;
      const storage = await withTransform(plain, {
        write: (instance) => (faulty ? change(instance) : instance) as Instance,
      });
      if (name !== "insert") await storage.put(anInstance());
      const before = await storage.query();
      faulty = true;
      await assert.rejects(write(storage, secret), (error: unknown) => {
        assert.deepEqual([(error as { code?: unknown }).code, (error as { path?: unknown }).path], ["INVALID_INSTANCE", path]);
        assert.ok(!inspect(error, { depth: null }).includes(SECRET));
        return true;
      });
      assert.deepEqual(await storage.query(), before);
    },
  ),

  "passes on what write throws, and stores nothing": async (plain) => {
    const reason = new Error("no key");
    const storage = await withTransform(plain, { write: () => Promise.reject(reason) });
    const is = (error: unknown): boolean => error === reason;
    await assert.rejects(storage.put(anInstance()), is);
    await assert.rejects(storage.insert(anInstance()), is);
    await assert.rejects(storage.putMany(instancesOf(["a", "b"])), is);
    assert.deepEqual(await storage.query(), []);
  },

  "rejects what is no instance and no list before write sees it": async (plain) => {
    const { transform, written } = sealing();
    const storage = await withTransform(plain, transform);
    const unstorable = anInstance({ runtimeMetadata: { f: () => 1 } });
    await assert.rejects(storage.put({} as never), { code: "INVALID_INSTANCE" });
    await assert.rejects(storage.putMany("none" as never), { code: "INVALID_INSTANCE" });
    await assert.rejects(storage.insert(unstorable), { code: "NOT_SERIALIZABLE", path: "runtimeMetadata.f" });
    assert.deepEqual(written, []);
  },

  "keeps what was put, though the caller changes it at once": async (plain) => {
    const storage = await withTransform(plain, sealing().transform);
    const initial = { items: [1] };
    const put = storage.put(anInstance({ context: { initial, steps: {} } }));
    const putMany = storage.putMany([anInstance({ id: "order::2", context: { initial, steps: {} } })]);
    initial.items.push(2);
    await Promise.all([put, putMany]);
    for (const { context } of await storage.query()) assert.deepEqual(context.initial, { items: [1] });
  },

  "keeps what is stored, though read changes it in place": async (plain) => {
    let reads = 0;
    const storage = await withTransform(plain, { read: (stored) => Object.assign(stored, { currentStep: `read ${++reads}` }) });
    await storage.put(anInstance());
    const current = await read(storage);
    assert.equal((await storage.update("order::1", (same) => same)).currentStep, "read 2");
    await storage.put(anInstance({ status: "failed" }), { expected: current }); // still what was read
  },

  "leaves out, as onUnreadable says, one row that read throws on": async (plain) => {
    const storage = await withTransform(plain, failingOn("a02"));
    await storage.putMany(instancesOf(["a01", "a02", "a03", "a04"]));
    const rejected = { code: "TRANSFORM_FAILED", id: "a02" };
    await assert.rejects(storage.query(), rejected);
    await assert.rejects(collect(storage.stream()), rejected);
    const errors: UnreadableError[] = [];
    const onUnreadable = (error: UnreadableError): void => void errors.push(error);
    assert.deepEqual(idsOf(await storage.query({}, { onUnreadable: "skip" })), ["a01", "a03", "a04"]);
    assert.deepEqual(idsOf(await storage.query({}, { onUnreadable, limit: 2 })), ["a01", "a03"]);
    assert.deepEqual(idsOf(await storage.query({}, { onUnreadable, limit: 2, after: "a03" })), ["a04"]);
    assert.deepEqual(idsOf(await collect(storage.stream({}, { onUnreadable, batchSize: 1 }))), ["a01", "a03", "a04"]);
    assert.deepEqual(errors.map(({ code, id }) => [code, id]), Array(2).fill(Object.values(rejected))); // prettier-ignore
    assert.equal(await storage.count(), 4);
    assert.equal((await storage.list()).items.length, 4);
  },

  "repeats nothing of the state in the error of an unreadable row, whose reason is what read threw": async (plain) => {
    const storage = await withTransform(plain, failingOn("order::1"));
    await storage.put(secret);
    const calls = [
      () => storage.get("order::1"),
      () => storage.update("order::1", () => secret),
      () => storage.query(),
      () => storage.stream().next(),
    ];
    for (const call of calls)
      await assert.rejects(call, (error: unknown) => {
        assert.deepEqual([(error as { code?: unknown }).code, (error as { id?: unknown }).id], ["TRANSFORM_FAILED", "order::1"]);
        assert.ok(!(inspect(error, { depth: null }) + JSON.stringify(error) + String(error)).includes(SECRET));
        assert.match(String((error as { reason?: unknown }).reason), /can't read/);
        return true;
      });
  },

  ...eachCase(
    [
      ["no instance", () => null],
      ["another id", (stored: Instance) => ({ ...stored, id: "other" })],
    ] as const,
    ([what]) => `rejects a read that returns ${what}`,
    async (plain, [, change]) => {
      const storage = await withTransform(plain, { read: change as Transform["read"] & {} });
      await storage.put(anInstance());
      await assert.rejects(storage.get("order::1"), { code: "TRANSFORM_FAILED", id: "order::1" });
      assert.deepEqual(await storage.query({}, { onUnreadable: "skip" }), []);
    },
  ),

  "stores nothing by an update that it couldn't read again": async (plain) => {
    const storage = await withTransform(plain, {
      read(stored) {
        if (stored.currentStep === "broken") throw new Error("broken");
        return stored;
      },
    });
    await storage.put(anInstance());
    const broken = storage.update("order::1", (current) => ({ ...current, currentStep: "broken" }));
    await assert.rejects(broken, { code: "TRANSFORM_FAILED" });
    assert.deepEqual(await read(storage), anInstance());
  },

  "filters and counts by what is stored": async (plain) => {
    const storage = await withTransform(plain, { read: (stored) => ({ ...stored, workflow: "Order.V3" }) });
    await storage.put(anInstance());
    assert.deepEqual(await storage.query({ workflow: "Order.V3" }), []);
    assert.deepEqual(await storage.query({ workflow: "Order.V2" }), [anInstance({ workflow: "Order.V3" })]);
    assert.deepEqual(await storage.countBy("workflow"), new Map([["Order.V2", 1]]));
  },
});
