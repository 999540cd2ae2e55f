import assert from "node:assert/strict";
import { inspect } from "node:util";
import { runInNewContext } from "node:vm";
import { anInstance } from "../an-instance.js";
import { type Capabilities, type Cases, eachCase } from "./cases.js";
import { read } from "./reading.js";
import { withPatchedPrototypes } from "./patched-prototypes.js";

const shared = { price: 1 };
const accessor = {
  get total() {
    return 5n;
  },
};

const values: readonly (readonly [name: string, value: unknown])[] = [
  ["a Date", new Date("2026-04-12T10:11:12.345Z")],
  ["Dates at the ends of time", [new Date(8.64e15), new Date(-8.64e15), new Date(0)]],
  ["BigInts", [12345678901234567890n, -(2n ** 64n), 5n, 0n]],
  ["BigInts at the edge of what numbers hold", [2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n]],
  [
    "a Map",
    new Map<unknown, unknown>([
      ["a", new Date(0)],
      [{ k: 1 }, undefined],
      [1n, new Map()],
    ]),
  ],
  ["a Set", new Set([1, "a", new Date(0), new Set()])],
  ["a Set with a shared object first", new Set([shared, 1, 2])],
  ["undefined as a property", { a: undefined, b: 1 }],
  ["undefined inside an array", [1, undefined, null]],
  ["NaN", Number.NaN],
  ["the infinities", [Infinity, -Infinity]],
  ["-0", -0],
  ["numbers to the last digit", [0.1, 5e-324, 1e-7, -1.5, 0.30000000000000004, 2 ** 53 - 1, 1 - 2 ** 53, 4503599627370495.5]],
  ["strings with NUL", ["a\0b\\u0000", "\0", { "x\\": "\0\\" }]],
  ["lone surrogates", ["😀\ud83d \\", "\udc00"]],
  ["a byte order mark", "\ufeffBOM"],
  [
    "keys that mean something to JavaScript",
    { constructor: 1, prototype: new Date(0), "\\constructor": 2, toString: null, hasOwnProperty: 0 },
  ],
  ["keys with dots, backslashes and nothing", { "a.b": new Date(0), "a\\.b": 1n, "": Number.NaN, é: -0, "10": undefined, "9": 1 }],
  ["keys that mean something to the storage", { value_types: { v: 1, values: {} }, $type: "Json", json: 1, meta: new Date(0) }],
  ["strings that look like other values", ["2026-04-12T10:11:12.345Z", "NaN", "123n", "undefined", "null", "/a/g", "[object Object]"]],
  ["nested emptiness", { a: [], b: {}, c: [[], [{}]], d: "", e: null, f: new Map(), g: new Set() }],
];

/** Values that need more than every storage can do. */
const valuesOf = (can: Capabilities): typeof values => [
  ...values,
  ...(can.exactNumbers ? ([["numbers beyond 2^53", [1e300, 1e21, 1e23, 2 ** 53, -(2 ** 53), Number.MAX_VALUE]]] as const) : []),
  ...(can.anyKeys ? ([["keys that others lose", JSON.parse(LOST_KEYS) as unknown]] as const) : []),
];
const LOST_KEYS =
  '{"__proto__":{"polluted":true},"list":[{"__proto__":5}],"__prismaRawParameters__":true,"values":{"$type":"Json","value":"1"},' +
  '"constructor":{"list":[{"$type":"x"}]},"empty":{"$type":""}}';

const FOREIGN = `({
  at: new Date(0),
  map: new Map([[{ a: [1] }, new Set(["x"])]]),
  plain: { a: [Object.create(null)], big: 5n },
})`;

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

export const valueCases = (can: Capabilities): Cases => ({
  ...eachCase(
    valuesOf(can),
    ([name]) => `keeps ${name}`,
    async (storage, [, value]) => {
      const instance = anInstance({
        context: { initial: { value }, steps: { a: { value } } },
        stepConfigs: { value },
        runtimeMetadata: { value, list: [{ value }] },
        executionHistory: [{ stepRef: "a", event: "b", timestamp: "2026-04-12T10:11:12Z", contextUpdates: { value } }],
      });
      await storage.put(instance);
      const [queried] = await storage.query();
      for (const found of [await storage.get("order::1"), queried]) {
        assert.deepEqual(found, instance);
        assert.equal(
          inspect(found, { depth: null, sorted: true, compact: false }),
          inspect(instance, { depth: null, sorted: true, compact: false }),
        );
      }
    },
  ),

  "keeps values of another realm, as Jest's are to its tests, as values of this one": async (storage) => {
    const foreign = runInNewContext(FOREIGN) as object;
    await storage.put(anInstance({ runtimeMetadata: { foreign }, activeSteps: runInNewContext("new Set(['b', 'a'])") as Set<string> }));
    const { runtimeMetadata, activeSteps } = await read(storage);
    assert.deepStrictEqual(runtimeMetadata.foreign, {
      at: new Date(0),
      map: new Map([[{ a: [1] }, new Set(["x"])]]),
      plain: { a: [{}], big: 5n },
    });
    assert.deepStrictEqual(activeSteps, new Set(["a", "b"]));
  },

  "keeps values though an application has given their classes a toJSON": async (storage) => {
    const value = [5n, 2n ** 64n, new Date(0), new Map([[1n, new Set([new Error("boom")])]])];
    await withPatchedPrototypes(() => storage.put(anInstance({ runtimeMetadata: { value, plain: { a: [{ b: "c" }] } } })));
    assert.deepStrictEqual((await read(storage)).runtimeMetadata, { value, plain: { a: [{ b: "c" }] } });
    const updated = await withPatchedPrototypes(() => storage.update("order::1", (current) => ({ ...current, status: "failed" })));
    assert.deepStrictEqual(await storage.get("order::1"), updated);
    assert.deepStrictEqual(updated.runtimeMetadata.value, value);
  },

  "keeps what a getter returns": async (storage) => {
    await storage.put(anInstance({ runtimeMetadata: { accessor } }));
    assert.deepStrictEqual((await read(storage)).runtimeMetadata, { accessor: { total: 5n } });
  },

  "keeps the context and the history of an instance inside of another value": async (storage) => {
    await storage.put(anInstance());
    const { context, executionHistory } = await read(storage);
    await storage.put(anInstance({ id: "archive", runtimeMetadata: { context, executionHistory } }));
    assert.deepEqual((await read(storage, "archive")).runtimeMetadata, { context, executionHistory });
  },

  "keeps the order of Maps, Sets and arrays": async (storage) => {
    const order = ["z", "a", "m", "10", "9"];
    await storage.put(anInstance({ runtimeMetadata: { map: new Map(order.map((key) => [key, 0])), set: new Set(order), order } }));
    const { map, set, order: array } = (await read(storage)).runtimeMetadata;
    assert.ok(map instanceof Map && set instanceof Set);
    assert.deepEqual([[...map.keys()], [...set], array], [order, order, order]);
  },

  "keeps shared references as equal copies, beside rich values and without": async (storage) => {
    for (const more of [{}, { at: new Date(0) }]) {
      await storage.put(anInstance({ runtimeMetadata: { a: shared, b: [shared, shared], ...more } }));
      assert.deepEqual((await read(storage)).runtimeMetadata, { a: { price: 1 }, b: [{ price: 1 }, { price: 1 }], ...more });
    }
  },

  "keeps 990 levels, plain and typed": async (storage) => {
    for (const leaf of [1, new Date(0)]) {
      const instance = anInstance({ runtimeMetadata: { a: nested(990), leaf } });
      await storage.put(instance);
      assert.deepEqual(await storage.get("order::1"), instance);
    }
  },

  "forgets a rich value with the put that takes it away": async (storage) => {
    await storage.put(anInstance({ runtimeMetadata: { at: new Date(0) } }));
    await storage.put({ ...(await read(storage)), runtimeMetadata: { at: "1970-01-01T00:00:00.000Z" } });
    assert.deepEqual((await read(storage)).runtimeMetadata, { at: "1970-01-01T00:00:00.000Z" });
  },

  "keeps rich values through reads and spread copies": async (storage) => {
    const instance = anInstance({ runtimeMetadata: { at: new Date(0), map: new Map([["\0", -0]]) } });
    await storage.put(instance);
    for (const status of ["running", "failed"] as const) await storage.put({ ...(await read(storage)), status });
    assert.deepEqual(await storage.get("order::1"), { ...instance, status: "failed" });
  },

  "keeps Maps and Sets that Immer has frozen, by properties that shadow their methods": async (storage) => {
    const frozen = <Value extends object>(value: Value, methods: readonly string[]): Value => {
      for (const name of methods) Object.defineProperty(value, name, { value: () => assert.fail("it is frozen") });
      return Object.freeze(value);
    };
    const map = (): Map<string, number> => new Map([["a", 1]]);
    await storage.put(
      anInstance({
        activeSteps: frozen(new Set(["pay"]), ["add", "delete", "clear"]),
        runtimeMetadata: { map: frozen(map(), ["set", "delete", "clear"]), set: frozen(new Set([1]), ["add", "delete", "clear"]) },
      }),
    );
    const { activeSteps, runtimeMetadata } = await read(storage);
    assert.deepEqual([activeSteps, runtimeMetadata], [new Set(["pay"]), { map: map(), set: new Set([1]) }]);
  },

  "keeps a Date of fake timers, which has a constructor of its own": async (storage) => {
    class ClockDate extends Date {}
    const at = Object.defineProperty(new ClockDate(0), "constructor", { value: Date });
    await storage.put(anInstance({ runtimeMetadata: { at } }));
    assert.deepStrictEqual((await read(storage)).runtimeMetadata, { at: new Date(0) });
    assert.equal(await storage.count({ insertedAfter: at }), 1);
  },

  "keeps what a getter has returned to the check": async (storage) => {
    let reads = 0;
    const changing = Object.defineProperty({}, "n", { enumerable: true, get: () => (reads++ === 0 ? 1 : Number.NaN) });
    await storage.put(anInstance({ runtimeMetadata: { changing } }));
    assert.deepStrictEqual([(await read(storage)).runtimeMetadata, reads], [{ changing: { n: 1 } }, 1]);
  },
});
