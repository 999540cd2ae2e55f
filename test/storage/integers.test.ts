import { createPrismaStorage, type Instance } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { describe, expect, it } from "vitest";
import { databases } from "../database.js";
import { ectoRowsWith64Bits, insertEctoRows } from "../ecto.js";
import { storageOn, TABLE } from "../storage-on.js";
import { originalsOn } from "./originals.js";

describe.each(databases)("large integers on $on", ({ prepare }) => {
  const { database, storage: verbs } = storageOn(prepare);
  const sql = createPrismaStorage(database.client, { table: TABLE });
  const exact = createPrismaStorage(database.client, { table: TABLE, bigIntegers: "bigint" });
  const { keep, changed } = originalsOn(database);

  const storedMetadata = async (): Promise<unknown> =>
    (await database.sql("SELECT (state->'runtime_metadata')::text AS metadata, state->'value_types' AS types FROM workflow_instances"))[0];

  it("that Elixir stored throw PRECISION_LOSS with id and path, and the option that reads them", async () => {
    await insertEctoRows(database, ectoRowsWith64Bits);
    const [{ id } = { id: "" }] = ectoRowsWith64Bits;
    const expected = { code: "PRECISION_LOSS", id, path: "state.runtime_metadata.big" };
    for (const [storage, option] of [
      [verbs, 'the option "table"'],
      [sql, '{ bigIntegers: "bigint" }'],
    ] as const) {
      await expect(storage.query()).rejects.toMatchObject(expected);
      const error = (await storage.get(id).catch((thrown: unknown) => thrown)) as Error;
      expect(error).toMatchObject(expected);
      expect(error.message).toContain(option);
      expect(error.message).not.toContain("9007199254740993");
    }
  });

  it("that Elixir stored are BigInts on request, and are written back as the same numbers", async () => {
    await insertEctoRows(database, ectoRowsWith64Bits);
    await keep();
    const [{ id } = { id: "" }] = ectoRowsWith64Bits;
    const instance = (await exact.get(id)) as Instance;
    expect(instance.runtimeMetadata.big).toBe(9007199254740993n);
    await exact.put(instance);
    expect(await changed()).toEqual([]);
    await exact.put({ ...instance, status: "failed" }, { expected: instance });
    expect(await changed()).toEqual([]);
    expect(await exact.query()).toStrictEqual([{ ...instance, status: "failed" }]);
  });

  it("beyond 2^53 can't be written by Prisma's verbs, which say how they can", async () => {
    for (const n of [2 ** 53, -(2 ** 53), 1e21, 1e300])
      await expect(verbs.put(anInstance({ runtimeMetadata: { list: [{ n }] } }))).rejects.toMatchObject({
        code: "NOT_SERIALIZABLE",
        path: "state.runtime_metadata.list[0].n",
        message: expect.stringContaining('{ table: "public.workflow_instances" }') as string,
      });
    expect(await database.sql("SELECT id FROM workflow_instances")).toEqual([]);
  });

  it("beside rich values keep both, and are JSON numbers only beyond 2^53 and up to 1,024 digits", async () => {
    const [power, longest] = [2n ** 70n, 10n ** 1_024n - 1n];
    const runtimeMetadata = { id: 9007199254740993n, small: 5n, zero: 0n, power, longest, long: longest + 1n, at: new Date(0), text: "\0" };
    await exact.put(anInstance({ runtimeMetadata }));
    expect(await exact.get("order::1")).toStrictEqual(anInstance({ runtimeMetadata }));
    const rows = await database.sql(
      "SELECT key, value::text FROM workflow_instances, jsonb_each(state->'runtime_metadata') WHERE jsonb_typeof(value) = 'number' ORDER BY key",
    );
    expect(rows).toEqual([
      { key: "id", value: "9007199254740993" },
      { key: "longest", value: String(longest) },
      { key: "power", value: String(power) },
    ]);
    const types = { small: "bigint", zero: "bigint", long: "bigint", at: "Date", text: "text" };
    expect(await storedMetadata()).toMatchObject({
      types: { v: 1, values: Object.fromEntries(Object.entries(types).map(([key, type]) => [`runtime_metadata.${key}`, type])) },
    });
  });

  it("are texts with a type by default, which Prisma's verbs write and read too", async () => {
    const instance = anInstance({ runtimeMetadata: { n: [9007199254740993n, -5n] } });
    for (const storage of [verbs, sql]) {
      await storage.put(instance);
      expect(await storedMetadata()).toEqual({
        metadata: '{"n": ["9007199254740993", "-5"]}',
        types: { v: 1, values: { "runtime_metadata.n.0": "bigint", "runtime_metadata.n.1": "bigint" } },
      });
      for (const reader of [verbs, sql]) expect(await reader.get("order::1")).toStrictEqual(instance);
    }
  });

  it.each([
    ["BigInts of the default", "error", { n: 9007199254740993n }],
    ['numbers of bigIntegers: "bigint"', "bigint", { n: 2 ** 53, small: 1 }],
  ] as const)("that are %s are corrupt to the other setting, and migrate as the message says", async (_, found, runtimeMetadata) => {
    const [writer, reader, other] = found === "error" ? [sql, exact, "bigint"] : [exact, sql, "error"];
    await writer.put(anInstance({ runtimeMetadata }));
    await keep();
    const corrupt = {
      code: "CORRUPT_INSTANCE",
      path: "state.value_types",
      message: expect.stringContaining(
        `To migrate, read the instance by a storage with bigIntegers: "${found}", and put it by one with "${other}"`,
      ) as string,
    };
    await expect(reader.get("order::1")).rejects.toMatchObject(corrupt);
    await expect(reader.update("order::1", (now) => ({ ...now, status: "failed" }))).rejects.toMatchObject(corrupt);
    expect(await changed()).toEqual([]);
    await reader.put((await writer.get("order::1")) as Instance);
    expect(await reader.get("order::1")).toStrictEqual(anInstance({ runtimeMetadata }));
  });

  it("that both settings write alike are read by both", async () => {
    const runtimeMetadata = { n: [5n, 0n, -7n, 5, 0.5, 2 ** 53 - 1], not: Number.NaN };
    for (const [writer, reader] of [
      [sql, exact],
      [exact, sql],
    ] as const) {
      await writer.put(anInstance({ runtimeMetadata }));
      expect(await reader.get("order::1")).toStrictEqual(anInstance({ runtimeMetadata }));
    }
  });

  it("are read by one statement", async () => {
    await exact.put(anInstance({ runtimeMetadata: { n: 9007199254740993n, price: [19.99, 0] } }));
    database.statements();
    await exact.get("order::1");
    await exact.query();
    expect(database.statements()).toHaveLength(2);
  });

  it("beside a text of nine megabytes are read", async () => {
    const metadata = { text: '\\"'.repeat(4_500_000), large: 2n ** 70n };
    await exact.put(anInstance({ runtimeMetadata: metadata }));
    const found = (await exact.get("order::1"))?.runtimeMetadata;
    expect([found?.text === metadata.text, found?.large]).toEqual([true, metadata.large]);
  });
});
