import { readFileSync } from "node:fs";
import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage, type Instance } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { PrismaClient } from "../../generated/prisma/client.js";
import { createPostgresDatabase, databases } from "../database.js";
import { storageOn } from "../storage-on.js";

interface EctoRow {
  readonly id: string;
  readonly workflow: string;
  readonly workflow_version: number;
  readonly status: string;
  readonly state_text: string;
}

const [ectoRow] = JSON.parse(readFileSync(new URL("../fixtures/ecto/rows-with-64-bit-integers.json", import.meta.url), "utf8")) as [
  EctoRow,
];

/** A JSON number, what it is by default, and what it is with `bigIntegers: "bigint"`; `loss` is a PRECISION_LOSS error. */
const LOSS = "loss";
const numbers: [string, unknown, unknown][] = [
  ["9007199254740991", 9007199254740991, 9007199254740991],
  ["9007199254740992", 9007199254740992, 9007199254740992],
  ["9007199254740993", LOSS, 9007199254740993n],
  ["-9007199254740993", LOSS, -9007199254740993n],
  ["9223372036854775807", LOSS, 9223372036854775807n],
  ["1152921504606846976", LOSS, 1152921504606846976n],
  ["1152921504606847000", 1152921504606847000, 1152921504606847000],
  ["1e21", 1e21, 1e21],
  ["1e23", 1e23, 1e23],
  ["123456789012345678901234567890", LOSS, 123456789012345678901234567890n],
  ["9007199254740993.0", LOSS, 9007199254740993n],
  ["9007199254740993.5", LOSS, LOSS],
  ["0.1", 0.1, 0.1],
  ["0.30000000000000004", 0.30000000000000004, 0.30000000000000004],
  ["1.1000000000000000000", 1.1, 1.1],
  ["1.0000000000000000000", 1, 1],
  ["33.3333333333333333", LOSS, LOSS],
  ["0.1000000000000000055511151231257827", LOSS, LOSS],
  ["-0.12345678901234567890123", LOSS, LOSS],
  ["1e-400", LOSS, LOSS],
  ["5e-324", 5e-324, 5e-324],
  ["1e400", LOSS, 10n ** 400n],
  ["0", 0, 0],
  ['"9007199254740993"', "9007199254740993", "9007199254740993"],
  ['"\\"9007199254740993, \\\\"', '"9007199254740993, \\', '"9007199254740993, \\'],
];

describe.each(databases)("large integers on $on", ({ prepare }) => {
  const { database, storage } = storageOn(prepare);
  const exact = createPrismaStorage(database.client, { bigIntegers: "bigint" });
  beforeAll(() => database.sql("CREATE TABLE originals (LIKE workflow_instances)"));
  beforeEach(() => database.sql("DELETE FROM originals"));

  const insert = async (id: string, state: string): Promise<void> => {
    await database.sql("INSERT INTO workflow_instances (id, workflow, state) VALUES ($1, 'W', $2)", [id, state]);
    await database.sql("INSERT INTO originals SELECT * FROM workflow_instances WHERE id = $1", [id]);
  };
  const changed = (): Promise<unknown[]> =>
    database.sql("SELECT id, now.state::text FROM workflow_instances now JOIN originals was USING (id) WHERE now.state <> was.state");

  it("that Elixir stored throw PRECISION_LOSS with id and path", async () => {
    await insert(ectoRow.id, ectoRow.state_text);
    const expected = { code: "PRECISION_LOSS", id: ectoRow.id, path: "state.runtime_metadata.big" };
    await expect(storage.get(ectoRow.id)).rejects.toMatchObject(expected);
    await expect(storage.query()).rejects.toMatchObject(expected);
    const error = (await storage.get(ectoRow.id).catch((thrown: unknown) => thrown)) as Error;
    expect(error.message).toContain('{ bigIntegers: "bigint" }');
    expect(error.message).not.toContain("9007199254740993");
  });

  it("that Elixir stored are BigInts on request, and are written back as the same numbers", async () => {
    await insert(ectoRow.id, ectoRow.state_text);
    const instance = (await exact.get(ectoRow.id)) as Instance;
    expect(instance.runtimeMetadata.big).toBe(9007199254740993n);
    await exact.put(instance);
    expect(await changed()).toEqual([]);
    await exact.put({ ...instance, status: "failed" });
    expect(await changed()).toEqual([]);
    expect(await exact.query()).toStrictEqual([{ ...instance, status: "failed" }]);
  });

  it.each(numbers)("%s is never changed silently", async (json, asNumber, asBigInt) => {
    await insert("n", `{"runtime_metadata": {"a": [{"b c": ${json}}]}}`);
    for (const [reader, expected] of [[storage, asNumber] as const, [exact, asBigInt] as const]) {
      const found = await reader.get("n").catch((thrown: unknown) => thrown);
      if (expected === LOSS) expect(found).toMatchObject({ code: "PRECISION_LOSS", id: "n", path: 'state.runtime_metadata.a[0]["b c"]' });
      else {
        expect(found).toMatchObject({ runtimeMetadata: { a: [{ "b c": expected }] } });
        await reader.put(found as Instance);
      }
      expect(await changed()).toEqual([]);
    }
  });

  it("beside rich values keep both", async () => {
    const instance = anInstance({ runtimeMetadata: { id: 9007199254740993n, small: 5n, power: 2n ** 70n, at: new Date(0), text: "\0" } });
    await exact.put(instance);
    expect(await exact.get("order::1")).toStrictEqual(instance);
    const [row] = await database.sql(
      "SELECT state->'runtime_metadata'->>'id' AS id, jsonb_typeof(state->'runtime_metadata'->'id') AS type FROM workflow_instances",
    );
    expect(row).toEqual({ id: "9007199254740993", type: "number" });
  });

  it("that a default storage wrote as BigInts are read by both", async () => {
    const instance = anInstance({ runtimeMetadata: { id: 9007199254740993n } });
    await storage.put(instance);
    expect(await storage.get("order::1")).toStrictEqual(instance);
    expect(await exact.get("order::1")).toStrictEqual(instance);
  });

  it("cost a second statement, unlike states without them", async () => {
    await insert("large", '{"runtime_metadata": {"n": 9007199254740993}}');
    await insert("small", '{"runtime_metadata": {"n": 1}}');
    await exact.get("large"); // looks up the table's name, once per client
    database.statements();
    await exact.get("small");
    expect(database.statements()).toHaveLength(1);
    await exact.query();
    expect(database.statements()).toHaveLength(2);
  });

  it("and fractions cost a second statement, which sends a state only if digits may be lost", async () => {
    await insert("price", '{"runtime_metadata": {"n": [19.99, 0]}}');
    await storage.get("price");
    database.statements();
    await storage.get("price");
    const [, second, ...more] = database.statements();
    expect([second, more]).toEqual([expect.stringContaining("CASE WHEN state::text ~"), []]);
  });

  it("make no false conflict if they can't be read exactly", async () => {
    await insert("third", '{"runtime_metadata": {"n": [0, 33.3333333333333333]}}');
    const bare = createPrismaStorage({ workflowInstance: database.client.workflowInstance });
    const expected = { code: "PRECISION_LOSS", id: "third", path: "state.runtime_metadata.n[1]" };
    await expect(bare.update("third", (instance) => ({ ...instance, status: "failed" }))).rejects.toMatchObject(expected);
    const read = await bare.get("third");
    if (read) await expect(bare.put({ ...read, status: "failed" }, { expected: read })).rejects.toMatchObject(expected);
    expect(await changed()).toEqual([]);
  });

  it("beside a text of nine megabytes are read again", async () => {
    const metadata = { text: '\\"'.repeat(4_500_000), large: 2n ** 70n };
    await exact.put(anInstance({ runtimeMetadata: metadata }));
    const found = (await exact.get("order::1"))?.runtimeMetadata;
    expect([found?.text === metadata.text, found?.large]).toEqual([true, metadata.large]);
  });

  it("that are small BigInts are JSON numbers too, which Elixir reads as integers", async () => {
    const instance = anInstance({ runtimeMetadata: { n: [5n, 0n, -7n, 10n ** 23n, 5] } });
    await exact.put(instance);
    expect(await exact.get("order::1")).toStrictEqual(instance);
    expect(await storage.get("order::1")).toStrictEqual(instance);
    const [row] = await database.sql("SELECT state->'runtime_metadata'->>'n' AS n FROM workflow_instances");
    expect(row).toEqual({ n: "[5, 0, -7, 100000000000000000000000, 5]" });
  });

  it("can't be checked by a client without raw SQL", async () => {
    await insert("large", '{"runtime_metadata": {"n": 9007199254740992}}');
    const bare = createPrismaStorage({ workflowInstance: database.client.workflowInstance });
    await expect(bare.get("large")).rejects.toMatchObject({ code: "PRECISION_LOSS", id: "large", path: "state" });
  });

  it("can't be written through a client of an unknown version", async () => {
    const unknown = createPrismaStorage({ workflowInstance: database.client.workflowInstance }, { bigIntegers: "bigint" });
    await expect(unknown.put(anInstance({ runtimeMetadata: { n: 9007199254740993n } }))).rejects.toMatchObject({
      code: "NOT_SERIALIZABLE",
      path: "state.runtime_metadata.n",
    });
    await unknown.put(anInstance({ runtimeMetadata: { at: new Date(0) } }));
    expect(await storage.get("order::1")).toStrictEqual(anInstance({ runtimeMetadata: { at: new Date(0) } }));
  });
});

describe("large integers in another schema", () => {
  it("are checked against the table that the driver adapter's schema names", async () => {
    const database = await createPostgresDatabase();
    await database.sql(`CREATE SCHEMA "Tenant a"`);
    await database.sql(`CREATE TABLE "Tenant a".workflow_instances (LIKE public.workflow_instances INCLUDING ALL)`);
    await database.sql(
      `INSERT INTO public.workflow_instances (id, workflow, state) VALUES ('n', 'W', '{"runtime_metadata": {"n": 9007199254740995}}')`,
    );
    await database.sql(
      `INSERT INTO "Tenant a".workflow_instances (id, workflow, state) VALUES ('n', 'W', '{"runtime_metadata": {"n": 9007199254740993}}')`,
    );
    const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }, { schema: "Tenant a" }) });
    const extended = client.$extends({ name: "nothing" });
    for (const tenant of [client, extended]) {
      const instance = await createPrismaStorage(tenant, { bigIntegers: "bigint" }).get("n");
      expect(instance?.runtimeMetadata).toEqual({ n: 9007199254740993n });
    }
    await client.$disconnect();
    await database.close();
  });
});
