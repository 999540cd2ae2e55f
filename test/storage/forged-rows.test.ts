import { createPrismaStorage, type Instance } from "hephaestus-prisma";
import { createMemoryStorage } from "hephaestus-prisma/memory";
import { beforeEach, describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { anInstance } from "hephaestus-prisma/testing";
import { databaseOn } from "../storage-on.js";

const meta = (value: string, tree: string): string =>
  `{"runtime_metadata": {"a": ${value}}, "superjson": {"v": 1, "values": {"runtime_metadata.a": ${tree}}}}`;
const nest = (open: string, inner: string, close: string, levels: number): string => open.repeat(levels) + inner + close.repeat(levels);

/** What no writer has written. */
const forged: Readonly<Record<string, string>> = {
  "an error of the class valueOf": meta('{"name": "valueOf"}', '[["error", {"class": "valueOf", "rest": {"TypeError": {}}}]]'),
  "an error with properties of unknown kinds": meta('{"name": "Error"}', '[["error", {"class": "Error", "rest": {}, "more": 1}]]'),
  "an error that shows a key of its own": meta('{"name": "Error", "code": "x"}', '[["error", {"class": "Error"}]]'),
  "a rule of the name toString": meta("{}", '[["custom", "toString"]]'),
  "a type of the name constructor": meta("{}", '["constructor"]'),
  "a typed array of a hundred million": meta("100000000", '[["typed-array", "Uint8Array"]]'),
  "a typed array of a length alone": meta('{"length": 100000000}', '[["typed-array", "Float64Array"]]'),
  "a typed array of numbers that don't fit": meta("[256]", '[["typed-array", "Uint8Array"]]'),
  "a BigInt of a million digits": meta(`"${"9".repeat(1_000_000)}"`, '["bigint"]'),
  "a BigInt with an exponent": meta('"1e1000000000"', '["bigint"]'),
  "a Map of entries that are not pairs": meta("[[1, 2, 3]]", '["map"]'),
  "a Set with one member twice": meta("[1, 1]", '["set"]'),
  "a NaN that is a number": meta("5", '["number"]'),
  "an undefined that is a text": meta('"secret"', '["undefined"]'),
  "a tree that is a text": meta("{}", '"Date"'),
  "a tree of three parts": meta("{}", '["map", {}, {}]'),
  "an inherited place": meta("{}", '[["error", {"class": "Error"}]]').replace("runtime_metadata.a", "runtime_metadata.a.toString"),
  "3,000 levels of trees": meta("{}", nest('["map", {"0": ', '["Date"]', "}]", 1_500)),
  "a path of a hundred thousand places": `{"superjson": {"v": 1, "values": {"${"a.".repeat(100_000)}": ["Date"]}}}`,
  "equalities, which are never written": '{"superjson": {"v": 1, "values": {}, "referentialEqualities": {"a": ["b"]}}}',
};

describe("rows with forged meta", () => {
  const database = databaseOn(preparePostgresDatabase);
  const storage = createPrismaStorage(database.client);
  beforeEach(() => database.sql("DELETE FROM workflow_instances"));

  it.each(Object.entries(forged))("are corrupt, and skipped: %s", async (_, state) => {
    await database.sql("INSERT INTO workflow_instances (id, workflow, state) VALUES ('forged', 'W', $1), ('good', 'W', '{}')", [state]);
    await expect(storage.get("forged")).rejects.toMatchObject({ code: "CORRUPT_INSTANCE", path: "state.superjson" });
    expect((await storage.query({}, { onUnreadable: "skip" })).map(({ id }) => id)).toEqual(["good"]);
    const error = new TypeError("still one");
    await storage.put(anInstance({ runtimeMetadata: { error } }));
    expect((await storage.get("order::1"))?.runtimeMetadata.error).toBeInstanceOf(TypeError);
  });

  it("bring no keys into the JSON of rich values but those that are atoms in every Elixir application", async () => {
    const cause = Object.assign(new AggregateError([new RangeError("one")], "many", { cause: new Map([["a", 1]]) }), { code: 7 });
    const values = [Object.assign(new TypeError("boom", { cause }), { at: new Date(0) }), new Float64Array([NaN]), new BigInt64Array([1n])];
    await storage.put(
      anInstance({ context: { initial: { values: [...values, 1n, new Set([/a/]), new Map([[1, new Date()]])] }, steps: {} } }),
    );
    const [row] = await database.sql("SELECT state->'context'->'initial'->'values' AS values FROM workflow_instances");
    const keys = new Set<string>();
    JSON.stringify(row?.values, (key, value: unknown) => (/^\d*$/.test(key) || keys.add(key), value));
    expect([...keys].sort()).toEqual(["message", "name", "stack"]);
  });
});

describe("an async schema", () => {
  const initial = { "~standard": { version: 1 as const, validate: (value: unknown) => Promise.resolve(issuesOf(value)) } };
  const issuesOf = (value: unknown): { issues?: { message: string }[] } =>
    Reflect.get(value as object, "total") === 1 ? {} : { issues: [{ message: "not 1" }] };
  const mutable = (): { instance: Instance; context: { initial: { total: number }; steps: object } } => {
    const context = { initial: { total: 1 }, steps: {} };
    return { instance: anInstance({ context }), context };
  };

  it("has checked what is stored, whatever the caller does to it meanwhile", async () => {
    const storage = createMemoryStorage({ schemas: { "Order.V2": { initial } } });
    for (const write of ["put", "insert", "putMany", "update"] as const) {
      const { instance, context } = mutable();
      if (write === "update") await storage.put(anInstance({ context: { initial: { total: 1 }, steps: {} }, status: "failed" }) as never);
      const pending =
        write === "putMany"
          ? storage.putMany([instance] as never)
          : write === "update"
            ? storage.update("order::1", () => (setTimeout(() => (context.initial.total = 2)), instance) as never)
            : storage[write](instance as never);
      if (write !== "update") context.initial.total = 2;
      await pending;
      expect((await storage.get("order::1"))?.context.initial).toEqual({ total: 1 });
      await storage.delete("order::1");
    }
  });
});
