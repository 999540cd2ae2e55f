import { createPrismaStorage, type Instance, type PrismaStorage } from "hephaestus-prisma";
import { describe, expect, it } from "vitest";
import { databases } from "../database.js";
import { storageOn, TABLE } from "../storage-on.js";
import { originalsOn } from "./originals.js";

/** What reading a number is: a PRECISION_LOSS error. */
const LOSS = Symbol("loss");
/** A decimal that Prisma's verbs read with fewer digits. */
const rounded = (number: number): { readonly rounded: number } => ({ rounded: number });

/** A JSON number; what it is by SQL, with the default and with `bigIntegers: "bigint"`; and what it is by Prisma's verbs. */
const numbers: [json: string, asNumber: unknown, asBigInt: unknown, byVerbs: unknown][] = [
  ["9007199254740991", 9007199254740991, 9007199254740991, 9007199254740991],
  ["9007199254740992", 9007199254740992, 9007199254740992n, LOSS],
  ["-9007199254740992", -9007199254740992, -9007199254740992n, LOSS],
  ["9007199254740993", LOSS, 9007199254740993n, LOSS],
  ["-9007199254740993", LOSS, -9007199254740993n, LOSS],
  ["9223372036854775807", LOSS, 9223372036854775807n, LOSS],
  ["1152921504606846976", LOSS, 1152921504606846976n, LOSS],
  ["1152921504606847000", 1152921504606847000, 1152921504606847000n, LOSS],
  ["1e21", 1e21, 10n ** 21n, LOSS],
  ["1e23", 1e23, 10n ** 23n, LOSS],
  ["123456789012345678901234567890", LOSS, 123456789012345678901234567890n, LOSS],
  ["9007199254740993.0", LOSS, 9007199254740993n, LOSS],
  ["9007199254740993.5", LOSS, LOSS, LOSS],
  ["0.1", 0.1, 0.1, 0.1],
  ["0.30000000000000004", 0.30000000000000004, 0.30000000000000004, 0.30000000000000004],
  ["4503599627370495.5", 4503599627370495.5, 4503599627370495.5, 4503599627370495.5],
  ["4503599627370497.5", LOSS, LOSS, rounded(4503599627370498)],
  ["4503599627370497.25", LOSS, LOSS, rounded(4503599627370497)],
  ["1.1000000000000000000", 1.1, 1.1, 1.1],
  ["1.0000000000000000000", 1, 1, 1],
  ["1.000000000000000001", LOSS, LOSS, rounded(1)],
  ["0.99999999999999999999", LOSS, LOSS, rounded(1)],
  ["33.3333333333333333", LOSS, LOSS, rounded(33.333333333333336)],
  ["0.1000000000000000055511151231257827", LOSS, LOSS, rounded(0.1)],
  ["-0.12345678901234567890123", LOSS, LOSS, rounded(-0.12345678901234568)],
  ["1e-400", LOSS, LOSS, rounded(0)],
  ["5e-324", 5e-324, 5e-324, 5e-324],
  ["1e400", LOSS, 10n ** 400n, LOSS],
  ["1".repeat(1_024), LOSS, BigInt("1".repeat(1_024)), LOSS],
  [`-${"1".repeat(1_024)}`, LOSS, BigInt(`-${"1".repeat(1_024)}`), LOSS],
  ["1".repeat(1_025), LOSS, LOSS, LOSS],
  ["0", 0, 0, 0],
  ["-0", 0, 0, 0],
  ['"9007199254740993"', "9007199254740993", "9007199254740993", "9007199254740993"],
  ['"\\"9007199254740993, \\\\"', '"9007199254740993, \\', '"9007199254740993, \\', '"9007199254740993, \\'],
];

describe.each(databases)("the stored number on $on", ({ prepare }) => {
  const { database, storage: verbs } = storageOn(prepare);
  const sql = createPrismaStorage(database.client, { table: TABLE });
  const exact = createPrismaStorage(database.client, { table: TABLE, bigIntegers: "bigint" });
  const { keep, changed } = originalsOn(database);

  const insert = async (id: string, state: string): Promise<void> => {
    await database.sql("INSERT INTO workflow_instances (id, workflow, state) VALUES ($1, 'W', $2)", [id, state]);
    await keep();
  };

  const failUpdates = async (storage: PrismaStorage, id: string, rejection: object): Promise<void> => {
    await expect(storage.update(id, (instance) => ({ ...instance, status: "failed" }))).rejects.toMatchObject(rejection);
    const read = await storage.get(id).catch(() => null);
    if (read !== null) await expect(storage.put({ ...read, status: "failed" }, { expected: read })).rejects.toMatchObject(rejection);
    expect(await database.sql("SELECT status FROM workflow_instances WHERE id = $1", [id])).toEqual([{ status: "pending" }]);
  };

  it.each(numbers)("%s is never changed by SQL", async (json, asNumber, asBigInt) => {
    await insert("n", `{"runtime_metadata": {"a": [{"b c": ${json}}]}}`);
    const loss = { code: "PRECISION_LOSS", id: "n", path: 'state.runtime_metadata.a[0]["b c"]' };
    for (const [reader, expected] of [[sql, asNumber] as const, [exact, asBigInt] as const]) {
      if (expected === LOSS) {
        await expect(reader.get("n")).rejects.toMatchObject(loss);
        await failUpdates(reader, "n", loss);
      } else {
        const found = (await reader.get("n")) as Instance;
        expect(found.runtimeMetadata).toStrictEqual({ a: [{ "b c": expected }] });
        await reader.put(found);
        await reader.put({ ...found, status: "failed" }, { expected: found });
        await reader.update("n", (now) => ({ ...now, status: "pending" }));
      }
      expect(await changed()).toEqual([]);
    }
  });

  it.each(numbers)("%s is what Prisma's verbs parse, and no update of a rounded one succeeds", async (json, _, __, expected) => {
    await insert("n", `{"runtime_metadata": {"a": [{"b c": ${json}}]}}`);
    if (expected === LOSS) {
      const loss = { code: "PRECISION_LOSS", id: "n", path: 'state.runtime_metadata.a[0]["b c"]' };
      await expect(verbs.get("n")).rejects.toMatchObject(loss);
      await failUpdates(verbs, "n", loss);
    } else {
      const found = (await verbs.get("n")) as Instance;
      const isRounded = typeof expected === "object" && expected !== null && "rounded" in expected;
      expect(found.runtimeMetadata).toStrictEqual({ a: [{ "b c": isRounded ? expected.rounded : expected }] });
      if (isRounded) {
        const message = expect.stringContaining('With the option "table"') as string;
        await failUpdates(verbs, "n", { code: "PRECISION_LOSS", id: "n", path: "state", message });
      } else {
        await verbs.put(found);
        await verbs.put({ ...found, status: "failed" }, { expected: found });
        await verbs.update("n", (now) => ({ ...now, status: "pending" }));
      }
    }
    expect(await changed()).toEqual([]);
  });
});
