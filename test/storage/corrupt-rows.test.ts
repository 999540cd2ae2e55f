import { CorruptInstanceError, createPrismaStorage, PrecisionLossError, type UnreadableError } from "hephaestus-prisma";
import { beforeAll, describe, expect, it } from "vitest";
import { databaseOn, ways } from "../storage-on.js";

describe.each(ways)("corrupt rows in a listing by $way on $on", ({ prepare, options }) => {
  const database = databaseOn(prepare);
  const storage = createPrismaStorage(database.client, options);
  beforeAll(async () => {
    const states = {
      "1 good": "{}",
      "2 array": "[]",
      "3 large": '{"runtime_metadata": {"secret": 9007199254740993}}',
      "4 good": '{"current_step": "pay"}',
      "5 context": '{"context": "secret"}',
    };
    for (const [id, state] of Object.entries(states))
      await database.sql("INSERT INTO workflow_instances (id, workflow, state) VALUES ($1, 'W', $2)", [id, state]);
  });

  const ids = (found: readonly { id: string }[]): string[] => found.map(({ id }) => id);

  it("throw the first one's error by default", async () => {
    await expect(storage.query()).rejects.toThrow('row "2 array" is corrupt at state: expected an object, found an array');
    await expect(storage.query({}, { onUnreadable: "throw" })).rejects.toThrow(CorruptInstanceError);
  });

  it("are skipped with skip", async () => {
    expect(ids(await storage.query({}, { onUnreadable: "skip" }))).toEqual(["1 good", "4 good"]);
  });

  it("are reported to a function and skipped, and the errors name id and path but never the state", async () => {
    const errors: UnreadableError[] = [];
    expect(ids(await storage.query({}, { onUnreadable: (error) => errors.push(error) }))).toEqual(["1 good", "4 good"]);
    expect(errors.map(({ id, path, code }) => [id, path, code])).toEqual([
      ["2 array", "state", "CORRUPT_INSTANCE"],
      ["3 large", "state.runtime_metadata.secret", "PRECISION_LOSS"],
      ["5 context", "state.context", "CORRUPT_INSTANCE"],
    ]);
    expect(errors[1]).toBeInstanceOf(PrecisionLossError);
    expect(errors.map(({ message }) => message).join()).not.toMatch(/"secret"|9007/);
  });

  it("rethrow what the function throws", async () => {
    const stop = new Error("stop");
    await expect(
      storage.query(
        {},
        {
          onUnreadable: () => {
            throw stop;
          },
        },
      ),
    ).rejects.toBe(stop);
  });

  it("don't affect a query that doesn't match them", async () => {
    expect(ids(await storage.query({ id: "4 good" }))).toEqual(["4 good"]);
  });
});
