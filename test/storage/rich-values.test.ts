import { type Instance } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { describe, expect, it } from "vitest";
import { databases } from "../database.js";
import { storageOn } from "../storage-on.js";

const shared = { price: 1 };

/** A value, and the JSON that is stored for it. */
const values: [string, unknown, unknown][] = [
  ["a Date", new Date("2026-04-12T10:11:12.345Z"), "2026-04-12T10:11:12.345Z"],
  ["a BigInt", 12345678901234567890n, "12345678901234567890"],
  [
    "a Map",
    new Map<unknown, unknown>([
      ["a", new Date(0)],
      [{ k: 1 }, undefined],
    ]),
    [
      ["a", "1970-01-01T00:00:00.000Z"],
      [{ k: 1 }, null],
    ],
  ],
  ["a Set", new Set([1, "a", new Date(0)]), [1, "a", "1970-01-01T00:00:00.000Z"]],
  ["a Set with a shared object first", new Set([shared, 1, shared, 2]), [{ price: 1 }, 1, 2]],
  ["undefined as a property", { a: undefined, b: 1 }, { a: null, b: 1 }],
  ["undefined inside an array", [1, undefined, null], [1, null, null]],
  ["NaN", Number.NaN, "NaN"],
  ["Infinity", Infinity, "Infinity"],
  ["-Infinity", -Infinity, "-Infinity"],
  ["-0", -0, "-0"],
  ["a RegExp", /a\/b+/giu, "/a\\/b+/giu"],
  ["a URL", new URL("https://example.com/a?b=c#d"), "https://example.com/a?b=c#d"],
  ["a Uint8Array", new Uint8Array([0, 255]), [0, 255]],
  ["an Int32Array", new Int32Array([-1, 2]), [-1, 2]],
  ["a Uint8ClampedArray", new Uint8ClampedArray([7]), [7]],
  ["a Float64Array", new Float64Array([NaN, -0, 0.1, Infinity]), ["NaN", "-0", 0.1, "Infinity"]],
  ["a Float32Array", new Float32Array([1.5]), [1.5]],
  ["a BigInt64Array", new BigInt64Array([-(2n ** 63n)]), ["-9223372036854775808"]],
  ["a BigUint64Array", new BigUint64Array([2n ** 64n - 1n]), ["18446744073709551615"]],
  ["a string with NUL", "a\0b\\u0000", "a\\u0000b\\\\u0000"],
  ["a lone surrogate beside a pair", "😀\ud83d \\", "😀\\ud83d \\\\"],
  [
    "keys that mean something to JavaScript",
    { constructor: 1, prototype: new Date(0), "\\constructor": 2 },
    { constructor: 1, prototype: "1970-01-01T00:00:00.000Z", "\\constructor": 2 },
  ],
  [
    "keys with dots and backslashes",
    { "a.b": new Date(0), "a\\.b": 1n, "": NaN },
    { "a.b": "1970-01-01T00:00:00.000Z", "a\\.b": "1", "": "NaN" },
  ],
];

describe.each(databases)("rich values on $on", ({ prepare }) => {
  const { database, storage } = storageOn(prepare);

  const stateOf = async (id = "order::1"): Promise<Record<string, unknown>> => {
    const [row] = await database.sql("SELECT state FROM workflow_instances WHERE id = $1", [id]);
    return row?.state as Record<string, unknown>;
  };

  it.each(values)("%s is read back unchanged, from every part", async (_, value, json) => {
    const instance = anInstance({
      context: { initial: { value }, steps: { a: { value } } },
      stepConfigs: { value },
      runtimeMetadata: { value },
      executionHistory: [{ stepRef: "a", event: "b", timestamp: "2026-04-12T10:11:12Z", contextUpdates: { value } }],
    });
    await storage.put(instance);
    expect(await storage.get("order::1")).toStrictEqual(instance);
    expect(await storage.query()).toStrictEqual([instance]);
    expect(await stateOf()).toMatchObject({
      context: { initial: { value: json }, steps: { a: { value: json } } },
      step_configs: { value: json },
      runtime_metadata: { value: json },
      execution_history: [{ context_updates: { value: json } }],
      superjson: { v: 1 },
    });
  });

  it("plain JSON gets no meta, whatever its keys", async () => {
    const initial = { constructor: "x", prototype: [], "a.b": { "": null }, emoji: "😀", number: 1e300, tiny: 5e-324, toString: 1 };
    const instance = anInstance({ context: { initial, steps: {} } });
    await storage.put(instance);
    expect(Object.keys(await stateOf())).not.toContain("superjson");
    expect(await storage.get("order::1")).toStrictEqual(instance);
  });

  it("lose their meta with the last rich value", async () => {
    await storage.put(anInstance({ runtimeMetadata: { at: new Date(0) } }));
    const instance = await storage.get("order::1");
    await storage.put({ ...(instance as Instance), runtimeMetadata: { at: "then" } });
    expect(Object.keys(await stateOf())).not.toContain("superjson");
    expect((await storage.get("order::1"))?.runtimeMetadata).toStrictEqual({ at: "then" });
  });

  it("survive a spread copy together with unknown keys", async () => {
    await storage.put(anInstance({ runtimeMetadata: { at: new Date(0) } }));
    await database.sql(`UPDATE workflow_instances SET state = state || '{"later": {"v": [1]}}'`);
    const before = await stateOf();
    await storage.put({ ...((await storage.get("order::1")) as Instance), status: "failed" });
    expect(await stateOf()).toEqual(before);
  });

  it("of a newer version stay JSON, and their meta stays with them", async () => {
    const meta = { v: 2, values: { "context.initial.due": ["temporal"] } };
    await storage.put(anInstance({ context: { initial: { due: "2026-01-01[Europe/Berlin]" }, steps: {} } }));
    await database.sql("UPDATE workflow_instances SET state = state || $1", [JSON.stringify({ superjson: meta })]);
    const before = await stateOf();
    const instance = (await storage.get("order::1")) as Instance;
    expect(instance.context.initial).toEqual({ due: "2026-01-01[Europe/Berlin]" });
    await storage.put({ ...instance, status: "failed" });
    expect(await stateOf()).toEqual(before);
    await expect(storage.put({ ...instance, runtimeMetadata: { at: new Date() } })).rejects.toMatchObject({
      code: "NOT_SERIALIZABLE",
      path: "state.superjson",
    });
  });

  it.each([
    ["an invalid Date", `{"runtime_metadata": {"at": "secret"}, "superjson": {"v": 1, "values": {"runtime_metadata.at": ["Date"]}}}`],
    ["an invalid URL", `{"runtime_metadata": {"at": "secret"}, "superjson": {"v": 1, "values": {"runtime_metadata.at": ["URL"]}}}`],
    ["a missing path", `{"runtime_metadata": {"secret": 1}, "superjson": {"v": 1, "values": {"a.b.c": ["Date"]}}}`],
    [
      "an unknown kind of value",
      `{"runtime_metadata": {"secret": 1}, "superjson": {"v": 1, "values": {"runtime_metadata.secret": ["temporal"]}}}`,
    ],
    ["a prototype", `{"runtime_metadata": {"secret": 1}, "superjson": {"v": 1, "values": {"__proto__.secret": ["undefined"]}}}`],
  ])("with meta that names %s are corrupt, and the error doesn't repeat them", async (_, state) => {
    await database.sql("INSERT INTO workflow_instances (id, workflow, state) VALUES ('bent', 'W', $1)", [state]);
    const error = await storage.get("bent").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "CORRUPT_INSTANCE",
      id: "bent",
      path: "state.superjson",
      message: `row "bent" is corrupt at state.superjson: it doesn't fit the JSON beside it`,
    });
    expect(error).not.toHaveProperty("cause");
    expect(({} as Record<string, unknown>).secret).toBeUndefined();
  });
});
