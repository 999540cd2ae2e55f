import assert from "node:assert/strict";
import { setMaxListeners } from "node:events";
import { setImmediate } from "node:timers/promises";
import vm from "node:vm";
import type { CallOptions } from "../../storage/options.js";
import type { InstanceStorage } from "../../storage/storage.js";
import { anInstance, idsUpTo, instancesOf } from "../an-instance.js";
import { type Cases, eachCase } from "./cases.js";
import { collect, idsOf, read } from "./reading.js";

/** Calls a storage that holds `a01` to `a03`, which have failed. */
type Call = (storage: InstanceStorage, options: CallOptions) => Promise<unknown>;

const added = anInstance({ id: "added" });

const calls: readonly (readonly [name: string, call: Call])[] = [
  ["get", (storage, options) => storage.get("a01", options)],
  ["put", (storage, options) => storage.put(added, options)],
  [
    "put with expected",
    async (storage, options) => {
      const expected = await read(storage, "a01");
      await storage.put({ ...expected, status: "running" }, { ...options, expected });
    },
  ],
  ["insert", (storage, options) => storage.insert(added, options)],
  ["update", (storage, options) => storage.update("a01", (current) => ({ ...current, status: "running" }), options)],
  ["putMany", (storage, options) => storage.putMany([added, anInstance({ id: "a01" })], options)],
  ["delete", (storage, options) => storage.delete("a01", options)],
  ["query", (storage, options) => storage.query({}, options)],
  ["stream", async (storage, options) => collect(storage.stream({}, options))],
  ["list", (storage, options) => storage.list({}, options)],
  ["count", (storage, options) => storage.count({}, options)],
  ["countBy", (storage, options) => storage.countBy("status", {}, options)],
  ["prune", (storage, options) => storage.prune({ status: "failed" }, options)],
];

async function store(storage: InstanceStorage): Promise<void> {
  await storage.putMany(instancesOf(idsUpTo(3), { status: "failed" }));
}

/** Everything that is stored, with its times. */
async function contentOf(storage: InstanceStorage): Promise<unknown> {
  return [await storage.query(), (await storage.list({}, { orderBy: "id" })).items];
}

/** The least that is a signal: of no class, and made by this code. */
interface Polyfill {
  aborted: boolean;
  reason?: unknown;
  readonly listeners: Set<() => void>;
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

const POLYFILL = `(() => {
  const listeners = new Set();
  return {
    aborted: false,
    listeners,
    addEventListener: (type, listener) => void listeners.add(listener),
    removeEventListener: (type, listener) => void listeners.delete(listener),
  };
})()`;

const polyfills: readonly (readonly [what: string, create: () => Polyfill])[] = [
  ["a polyfill", () => vm.runInThisContext(POLYFILL) as Polyfill],
  ["one of another realm, as Jest's are to its tests", () => vm.runInNewContext(POLYFILL) as Polyfill],
];

function signalOf(polyfill: object): AbortSignal {
  return polyfill as AbortSignal;
}

const noSignals: readonly unknown[] = [
  ...[undefined, null, true, "abort", {}, [], new AbortController(), new EventTarget(), { aborted: false }],
  ...[
    { aborted: "no", addEventListener() {}, removeEventListener() {} },
    { addEventListener() {}, removeEventListener() {} },
  ],
];

const reason = new Error("shutting down");
const isReason = (error: unknown): boolean => error === reason;

export const signalCases: Cases = {
  ...eachCase(
    calls,
    ([name]) => `rejects ${name} with the reason of a signal that is aborted, and does nothing`,
    async (storage, [, call]) => {
      await store(storage);
      const before = await contentOf(storage);
      await assert.rejects(call(storage, { signal: AbortSignal.abort(reason) }), isReason);
      await assert.rejects(call(storage, { signal: AbortSignal.abort("a text") }), (error) => error === "a text");
      await assert.rejects(call(storage, { signal: AbortSignal.abort() }), { name: "AbortError" });
      assert.deepEqual(await contentOf(storage), before);
    },
  ),

  "calls neither the change of an update nor onProgress of prune if the signal is aborted": async (storage) => {
    await store(storage);
    const signal = AbortSignal.abort(reason);
    const never = (): never => assert.fail("it was called");
    await assert.rejects(storage.update("a01", never, { signal }), isReason);
    await assert.rejects(storage.prune({ status: "failed" }, { signal, onProgress: never }), isReason);
    await assert.rejects(storage.prune({ status: "failed" }, { signal, dryRun: true }), isReason);
  },

  "rejects a stream at its first next(), not before, and ends it": async (storage) => {
    await store(storage);
    const stream = storage.stream({}, { signal: AbortSignal.abort(reason) });
    await assert.rejects(stream.next(), isReason);
    assert.deepEqual(await stream.next(), { done: true, value: undefined });
  },

  "ends a stream between two batches, with the reason": async (storage) => {
    await store(storage);
    const controller = new AbortController();
    const stream = storage.stream({}, { batchSize: 1, signal: controller.signal });
    assert.equal((await stream.next()).value?.id, "a01");
    controller.abort(reason);
    await assert.rejects(stream.next(), isReason);
    assert.deepEqual(await stream.next(), { done: true, value: undefined });
  },

  ...eachCase(
    polyfills,
    ([what]) => `takes ${what}`,
    async (storage, [, create]) => {
      for (const [, call] of calls) {
        await storage.prune({}, { all: true, includeActive: true });
        await store(storage);
        await assert.doesNotReject(call(storage, { signal: signalOf(create()) }));
      }
      await store(storage);
      const before = await contentOf(storage);
      for (const [, call] of calls) {
        await assert.rejects(call(storage, { signal: signalOf(Object.assign(create(), { aborted: true, reason })) }), isReason);
        await assert.rejects(call(storage, { signal: signalOf(Object.assign(create(), { aborted: true })) }), (error) => error !== undefined); // prettier-ignore
        assert.deepEqual(await contentOf(storage), before);
      }
    },
  ),

  "causes no warning of a leak if 60 calls at once have one signal": async (storage) => {
    await store(storage);
    const { signal } = new AbortController();
    setMaxListeners(10, signal);
    const warnings: string[] = [];
    const warn = ({ name }: Error): void => void warnings.push(name);
    process.on("warning", warn);
    try {
      const puts = Array.from({ length: 30 }, (_, n) => storage.put(anInstance({ id: `put${n}` }), { signal }));
      const gets = Array.from({ length: 30 }, () => storage.get("a01", { signal }));
      await Promise.all([...puts, ...gets]);
      await setImmediate(); // a warning comes after its cause
    } finally {
      process.off("warning", warn);
    }
    assert.ok(!warnings.includes("MaxListenersExceededWarning"), "the calls share a listener");
  },

  "leaves no listener for each call on a signal that lives longer": async (storage) => {
    await store(storage);
    for (const [, create] of polyfills) {
      const polyfill = create();
      for (let n = 0; n < 20; n++) await storage.get("a01", { signal: signalOf(polyfill) });
      await storage.put(added, { signal: signalOf(polyfill) });
      await collect(storage.stream({}, { batchSize: 1, signal: signalOf(polyfill) }));
      assert.ok(polyfill.listeners.size <= 1, `${polyfill.listeners.size} are left`);
    }
  },

  "ends no call by a signal that is aborted after it": async (storage) => {
    await store(storage);
    const controller = new AbortController();
    await storage.put(added, { signal: controller.signal });
    const stream = storage.stream({}, { signal: controller.signal });
    assert.deepEqual(idsOf(await collect(stream)), ["a01", "a02", "a03", "added"]);
    controller.abort(reason);
    assert.equal(await storage.count(), 4);
  },

  ...eachCase(
    calls,
    ([name]) => `rejects what is no signal in ${name}, and does nothing`,
    async (storage, [, call]) => {
      await store(storage);
      const before = await contentOf(storage);
      for (const signal of noSignals)
        await assert.rejects(call(storage, { signal: signal as AbortSignal }), { code: "INVALID_OPTION", option: "signal" });
      assert.deepEqual(await contentOf(storage), before);
    },
  ),
};
