import type { Instance } from "hephaestus-prisma";
import { createMemoryStorage } from "hephaestus-prisma/memory";
import { describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { anInstance } from "hephaestus-prisma/testing";
import { storageOn, TABLE } from "../storage-on.js";

const typed = (types: string, value = "{}"): string => `{"runtime_metadata": {"a": ${value}}, "value_types": ${types}}`;
const meta = (value: string, type: string, path = "runtime_metadata.a"): string =>
  typed(`{"v": 1, "values": {${JSON.stringify(path)}: ${type}}}`, value);
const error = (detail: string, shown = '{"name": "Error"}'): string => meta(shown, `["error", ${detail}]`);
const nest = (open: string, inner: string, close: string, levels: number): string => open.repeat(levels) + inner + close.repeat(levels);
const causes = (levels: number): string =>
  nest('{"class": "Error", "rest": {"cause": {"name": "Error"}}, "values": {"cause": ["error", ', '{"class": "x"}', "]}}", levels);

/** What no writer has written. */
const forged: Readonly<Record<string, string>> = {
  "an error of the class valueOf": error('{"class": "valueOf", "rest": {"TypeError": {}}}', '{"name": "valueOf"}'),
  "an error with details of unknown kinds": error('{"class": "Error", "more": 1}'),
  "an error without a detail": meta('{"name": "Error"}', '["error"]'),
  "an error of three parts": meta('{"name": "Error"}', '["error", {"class": "Error"}, {}]'),
  "an error that shows a key of its own": error('{"class": "Error"}', '{"name": "Error", "code": "x"}'),
  "an error with an empty rest": error('{"class": "Error", "rest": {}}'),
  "an error with types of a rest that is missing": error('{"class": "Error", "values": {"cause": "Date"}}'),
  "an error with a text in its rest": error('{"class": "Error", "rest": {"message": "x"}}'),
  "an error with a cause that fits no type": error('{"class": "Error", "rest": {"cause": "x"}, "values": {"cause": "Date"}}'),
  "300 causes, the last one of no class": error(causes(300)),
  "a type of the name toString": meta("{}", '"toString"'),
  "a type of the name constructor": meta("{}", '"constructor"'),
  "a type of the name __proto__": meta("{}", '"__proto__"'),
  "a RegExp, which is not stored any more": meta('"/a/g"', '"RegExp"'),
  "a typed array of a hundred million": meta("100000000", '["typed-array", "Uint8Array"]'),
  "a type in a list": meta('"1970-01-01T00:00:00.000Z"', '["Date"]'),
  "a type that is an object": meta("{}", '{"class": "Error"}'),
  "a type that is null": meta("{}", "null"),
  "a BigInt of a million digits": meta(`"${"9".repeat(1_000_000)}"`, '"bigint"'),
  "a BigInt with an exponent": meta('"1e1000000000"', '"bigint"'),
  "a BigInt with a zero before it": meta('"01"', '"bigint"'),
  "a BigInt of -0": meta('"-0"', '"bigint"'),
  "a BigInt that is a number": meta("1", '"bigint"'),
  "a Date that is no time": meta('"secret"', '"Date"'),
  "a Date in another form": meta('"1970-01-01"', '"Date"'),
  "a Map of entries that are not pairs": meta("[[1, 2, 3]]", '"map"'),
  "a Map with one key twice": meta("[[1, 2], [1, 3]]", '"map"'),
  "a Set with one member twice": meta("[1, 1]", '"set"'),
  "a Set that is an object": meta("{}", '"set"'),
  "a NaN that is a number": meta("5", '"number"'),
  "a number in words": meta('"five"', '"number"'),
  "an undefined that is a text": meta('"secret"', '"undefined"'),
  "a text that needs no type": meta('"plain"', '"text"'),
  "a text that is escaped otherwise": meta('"\\\\u00e9\\\\u0000"', '"text"'),
  "an inherited place": meta("{}", '"Date"', "runtime_metadata.a.toString"),
  "a place in a text": meta('"secret"', '"text"', "runtime_metadata.a.0"),
  "the length of a list": meta("[]", '"undefined"', "runtime_metadata.a.length"),
  "a path that ends in a backslash": meta("{}", '"Date"', "runtime_metadata.a\\"),
  "a path with an escape that means nothing": meta("{}", '"undefined"', "runtime_metadata.\\a"),
  "a path of a hundred thousand places": meta("{}", '"Date"', "a.".repeat(100_000)),
  "a type of the whole state": meta("{}", '"map"', ""),
  "a type of the metadata": meta("{}", '"map"', "runtime_metadata"),
  "a type of the current step": '{"current_step": "a\\\\u0000", "value_types": {"v": 1, "values": {"current_step": "text"}}}',
  "a type of the active steps": '{"active_steps": ["a"], "value_types": {"v": 1, "values": {"active_steps": "set"}}}',
  "a type of a part of the context": '{"context": {"initial": []}, "value_types": {"v": 1, "values": {"context.initial": "map"}}}',
  "no types": typed('{"v": 1, "values": {}}'),
  "types in a list": typed('{"v": 1, "values": ["Date"]}'),
  "no values": typed('{"v": 1}'),
  "equalities, which are never written": typed('{"v": 1, "values": {"runtime_metadata.a": "set"}, "equal": {"a": ["b"]}}', "[]"),
};

describe.each([
  ["verbs", {}],
  ["SQL", { table: TABLE }],
])("rows with forged types, by %s", (_, options) => {
  const { database, storage } = storageOn(preparePostgresDatabase, options);

  it.each(Object.entries(forged))("are corrupt, and skipped: %s", async (__, state) => {
    await database.sql("INSERT INTO workflow_instances (id, workflow, state) VALUES ('forged', 'W', $1), ('good', 'W', '{}')", [state]);
    await expect(storage.get("forged")).rejects.toMatchObject({ code: "CORRUPT_INSTANCE", path: "state.value_types" });
    await expect(storage.update("forged", (now) => now)).rejects.toMatchObject({ code: "CORRUPT_INSTANCE" });
    expect((await storage.query({}, { onUnreadable: "skip" })).map(({ id }) => id)).toEqual(["good"]);
    expect(Reflect.get({}, "a")).toBeUndefined();
    const error = new TypeError("still one");
    await storage.put(anInstance({ runtimeMetadata: { error } }));
    expect((await storage.get("order::1"))?.runtimeMetadata.error).toBeInstanceOf(TypeError);
    expect(await database.sql("SELECT state = $1::jsonb AS same FROM workflow_instances WHERE id = 'forged'", [state])).toEqual([
      { same: true },
    ]);
  });

  it("are corrupt if their types are nested deeper than a thousand levels", async () => {
    await database.sql("INSERT INTO workflow_instances (id, workflow, state) VALUES ('forged', 'W', $1)", [error(causes(1_500))]);
    await expect(storage.get("forged")).rejects.toMatchObject({
      code: "CORRUPT_INSTANCE",
      path: expect.stringMatching(/^state\.value_types\./) as string,
    });
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
