import { type Instance } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { describe, expect, it } from "vitest";
import { storageOn, ways } from "../storage-on.js";

const shared = { price: 1 };
const stackless = (error: Error): Error => (Reflect.deleteProperty(error, "stack"), error);

/** A value, the JSON that is stored for it, and the types that are noted: by the path in that JSON. */
const values: [name: string, value: unknown, json: unknown, types: Record<string, unknown>][] = [
  ["a Date", new Date("2026-04-12T10:11:12.345Z"), "2026-04-12T10:11:12.345Z", { "": "Date" }],
  ["a BigInt", 12345678901234567890n, "12345678901234567890", { "": "bigint" }],
  ["a small BigInt", -5n, "-5", { "": "bigint" }],
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
    { "": "map", ".0.1": "Date", ".1.1": "undefined" },
  ],
  ["a Set", new Set([1, "a", new Date(0)]), [1, "a", "1970-01-01T00:00:00.000Z"], { "": "set", ".2": "Date" }],
  ["a Set with a shared object first", new Set([shared, 1, shared, 2]), [{ price: 1 }, 1, 2], { "": "set" }],
  ["undefined as a property", { a: undefined, b: 1 }, { a: null, b: 1 }, { ".a": "undefined" }],
  ["undefined inside an array", [1, undefined, null], [1, null, null], { ".1": "undefined" }],
  ["NaN", Number.NaN, "NaN", { "": "number" }],
  ["Infinity", Infinity, "Infinity", { "": "number" }],
  ["-Infinity", -Infinity, "-Infinity", { "": "number" }],
  ["-0", -0, "-0", { "": "number" }],
  ["a string with NUL", "a\0b\\u0000", "a\\u0000b\\\\u0000", { "": "text" }],
  ["a lone surrogate beside a pair", "😀\ud83d \\", "😀\\ud83d \\\\", { "": "text" }],
  [
    "an error with a text that needs a type, a cause and properties",
    stackless(Object.assign(new TypeError("boom\0", { cause: new Map([[1, 2n]]) }), { code: 7, at: new Date(0) })),
    { name: "TypeError", message: "boom\\u0000" },
    {
      "": [
        "error",
        {
          class: "TypeError",
          rest: { cause: [[1, "2"]], code: 7, at: "1970-01-01T00:00:00.000Z" },
          values: { cause: "map", "cause.0.1": "bigint", at: "Date" },
        },
      ],
      ".message": "text",
    },
  ],
  [
    "keys that mean something to JavaScript",
    { constructor: 1, prototype: new Date(0), "\\constructor": 2 },
    { constructor: 1, prototype: "1970-01-01T00:00:00.000Z", "\\constructor": 2 },
    { ".prototype": "Date" },
  ],
  [
    "keys with dots and backslashes",
    { "a.b": new Date(0), "a\\.b": 1n, "": NaN },
    { "a.b": "1970-01-01T00:00:00.000Z", "a\\.b": "1", "": "NaN" },
    { ".a\\.b": "Date", ".a\\\\\\.b": "bigint", ".": "number" },
  ],
];

/** Every place of a state that values are in. */
const PLACES = ["context.initial", "context.steps.a", "step_configs", "runtime_metadata", "execution_history.0.context_updates"];

describe.each(ways)("rich values by $way on $on", ({ way, prepare, options }) => {
  const { database, storage } = storageOn(prepare, options);

  const stateOf = async (id = "order::1"): Promise<Record<string, unknown>> => {
    const [row] = await database.sql("SELECT state FROM workflow_instances WHERE id = $1", [id]);
    return row?.state as Record<string, unknown>;
  };

  it.each(values)("%s is read back unchanged, from every part", async (_, value, json, types) => {
    const instance = anInstance({
      context: { initial: { value }, steps: { a: { value } } },
      stepConfigs: { value },
      runtimeMetadata: { value },
      executionHistory: [{ stepRef: "a", event: "b", timestamp: "2026-04-12T10:11:12Z", contextUpdates: { value } }],
    });
    await storage.put(instance);
    expect(await storage.get("order::1")).toStrictEqual(instance);
    expect(await storage.query()).toStrictEqual([instance]);
    const state = await stateOf();
    expect([state.context, state.step_configs, state.runtime_metadata]).toEqual([
      { initial: { value: json }, steps: { a: { value: json } } },
      { value: json },
      { value: json },
    ]);
    expect(state.execution_history).toEqual([
      { step_ref: "a", event: "b", timestamp: "2026-04-12T10:11:12Z", context_updates: { value: json } },
    ]);
    const paths = PLACES.flatMap((place) => Object.entries(types).map(([path, type]) => [`${place}.value${path}`, type]));
    expect(state.value_types).toEqual({ v: 1, values: Object.fromEntries(paths) as unknown });
  });

  it("plain JSON gets no types, whatever its keys", async () => {
    const initial = { constructor: "x", prototype: [], "a.b": { "": null }, emoji: "😀", tiny: 5e-324, toString: 1 };
    const instance = anInstance({ context: { initial, steps: { large: way === "SQL" ? 1e300 : 2 ** 53 - 1 } } });
    await storage.put(instance);
    expect(Object.keys(await stateOf())).not.toContain("value_types");
    expect(await storage.get("order::1")).toStrictEqual(instance);
  });

  it("lose their types with the last rich value", async () => {
    await storage.put(anInstance({ runtimeMetadata: { at: new Date(0) } }));
    const instance = await storage.get("order::1");
    await storage.put({ ...(instance as Instance), runtimeMetadata: { at: "then" } });
    expect(Object.keys(await stateOf())).not.toContain("value_types");
    expect((await storage.get("order::1"))?.runtimeMetadata).toStrictEqual({ at: "then" });
  });

  it("survive a spread copy together with unknown keys", async () => {
    await storage.put(anInstance({ runtimeMetadata: { at: new Date(0) } }));
    await database.sql(`UPDATE workflow_instances SET state = state || '{"later": {"v": [1]}}'`);
    const before = await stateOf();
    await storage.put({ ...((await storage.get("order::1")) as Instance), status: "failed" });
    expect(await stateOf()).toEqual(before);
  });

  it("of a newer version stay JSON, and their types stay with them", async () => {
    const types = { v: 2, values: { "context.initial.due": ["temporal"] } };
    await storage.put(anInstance({ context: { initial: { due: "2026-01-01[Europe/Berlin]" }, steps: {} } }));
    await database.sql("UPDATE workflow_instances SET state = state || $1", [JSON.stringify({ value_types: types })]);
    const before = await stateOf();
    const instance = (await storage.get("order::1")) as Instance;
    expect(instance.context.initial).toEqual({ due: "2026-01-01[Europe/Berlin]" });
    await storage.put({ ...instance, status: "failed" });
    expect(await stateOf()).toEqual(before);
    await expect(storage.put({ ...instance, runtimeMetadata: { at: new Date() } })).rejects.toMatchObject({
      code: "NOT_SERIALIZABLE",
      path: "state.value_types",
    });
  });

  it("bring no keys into the JSON but those that are atoms in every Elixir application", async () => {
    const cause = Object.assign(new AggregateError([new RangeError("one")], "many", { cause: new Map([["a", 1]]) }), { code: 7 });
    const values = [Object.assign(new TypeError("boom", { cause }), { at: new Date(0) }), 1n, new Set([NaN]), new Map([[1, new Date()]])];
    await storage.put(anInstance({ context: { initial: { values }, steps: {} } }));
    const [row] = await database.sql("SELECT state->'context'->'initial'->'values' AS values FROM workflow_instances");
    const keys = new Set<string>();
    JSON.stringify(row?.values, (key, value: unknown) => (/^\d*$/.test(key) || keys.add(key), value));
    expect([...keys].sort()).toEqual(["message", "name", "stack"]);
  });

  it.each([
    ["an invalid Date", `{"runtime_metadata": {"at": "secret"}, "value_types": {"v": 1, "values": {"runtime_metadata.at": "Date"}}}`],
    ["a missing path", `{"runtime_metadata": {"secret": 1}, "value_types": {"v": 1, "values": {"a.b.c": "Date"}}}`],
    [
      "an unknown kind of value",
      `{"runtime_metadata": {"secret": 1}, "value_types": {"v": 1, "values": {"runtime_metadata.secret": "temporal"}}}`,
    ],
    ["a prototype", `{"runtime_metadata": {"secret": 1}, "value_types": {"v": 1, "values": {"__proto__.secret": "undefined"}}}`],
  ])("with types that name %s are corrupt, and the error doesn't repeat them", async (_, state) => {
    await database.sql("INSERT INTO workflow_instances (id, workflow, state) VALUES ('forged', 'W', $1)", [state]);
    const error = await storage.get("forged").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "CORRUPT_INSTANCE",
      id: "forged",
      path: "state.value_types",
      message: `row "forged" is corrupt at state.value_types: it doesn't fit the JSON beside it`,
    });
    expect(error).not.toHaveProperty("cause");
    expect(({} as Record<string, unknown>).secret).toBeUndefined();
  });
});
