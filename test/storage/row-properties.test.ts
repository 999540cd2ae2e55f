import fc from "fast-check";
import { createPrismaStorage, type InstanceStorage, StorageError } from "hephaestus-prisma";
import { createPgStorage } from "hephaestus-prisma/pg";
import { describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { databaseOn, TABLE } from "../storage-on.js";
import { anyNumber, doubles, largeNumbers } from "./arbitrary-json.js";
import { states, statesWith } from "./arbitrary-states.js";

const RUNS = 100; // by each of five ways
const RUNS_BY_ONE_WAY = 250;

describe("for arbitrary rows, which SQL has written", () => {
  const database = databaseOn(preparePostgresDatabase);
  const { client, pool } = database;

  const store = (state: string): Promise<unknown> =>
    database.sql(
      `INSERT INTO workflow_instances (id, workflow, workflow_version, status, state) VALUES ('row', 'Order.V2', 2, 'waiting', $1)
       ON CONFLICT (id) DO UPDATE SET workflow = excluded.workflow, status = excluded.status, state = excluded.state`,
      [state],
    );

  /** Whether the row has this status, and is what was stored in all else. */
  const isStored = async (state: string, status: string): Promise<boolean> => {
    const same = "workflow = 'Order.V2' AND workflow_version = 2 AND status = $1 AND state = $2::jsonb";
    return (await database.sql(`SELECT FROM workflow_instances WHERE ${same}`, [status, state])).length === 1;
  };

  /** Holds the law against a row, and returns whether the row can be read and written. */
  async function holdLaw(storage: InstanceStorage, state: string, isRejected: (error: StorageError) => boolean): Promise<boolean> {
    await store(state);
    let status = "waiting";
    const attempt = async (call: () => Promise<unknown>, next = status): Promise<StorageError | null> => {
      let rejection: StorageError | null = null;
      try {
        await call();
        status = next;
      } catch (error) {
        if (!(error instanceof StorageError && isRejected(error))) throw error;
        rejection = error;
      }
      expect(await isStored(state, status)).toBe(true);
      return rejection;
    };
    const swap = async (): Promise<void> => {
      const current = (await storage.get("row")) ?? expect.fail("it is stored");
      await storage.put({ ...current, status: "running" }, { expected: current });
    };
    const first = await attempt(async () => storage.put((await storage.get("row")) ?? expect.fail("it is stored")));
    const second = await attempt(() => storage.update("row", (current) => ({ ...current, status: "failed" })), "failed");
    const third = await attempt(swap, "running");
    expect([second?.code, third?.code]).toEqual([first?.code, first?.code]);
    expect(Reflect.ownKeys(Object.prototype)).not.toContain("a");
    return first === null;
  }

  const isUnreadable = ({ code }: StorageError): boolean => code === "CORRUPT_INSTANCE" || code === "PRECISION_LOSS";
  // Some of these, Prisma's verbs would lose.
  const LOST_KEY = /"(__proto__|__prismaRawParameters__|\$type)":/;
  const seldomLost = fc
    .tuple(states(doubles), fc.nat(4))
    .map(([text, n]) => (n === 0 ? text : text.replaceAll(new RegExp(LOST_KEY, "g"), '"other $1":')));

  async function run(storage: InstanceStorage, state: fc.Arbitrary<string>, isVerbs = false): Promise<void> {
    let written = 0;
    const property = fc.asyncProperty(state, async (text) => {
      const isRejected = (error: StorageError): boolean =>
        isUnreadable(error) || (isVerbs && error.code === "NOT_SERIALIZABLE" && LOST_KEY.test(text));
      if (await holdLaw(storage, text, isRejected)) written++;
    });
    await fc.assert(property, { numRuns: RUNS });
    expect(written).toBeGreaterThan(RUNS / 4);
  }

  it.each<[string, InstanceStorage]>([
    ["SQL through Prisma", createPrismaStorage(client, { table: TABLE })],
    ['SQL through Prisma with bigIntegers: "bigint"', createPrismaStorage(client, { table: TABLE, bigIntegers: "bigint" })],
    ["pg", createPgStorage(pool)],
    ['pg with bigIntegers: "bigint"', createPgStorage(pool, { bigIntegers: "bigint" })],
  ])(`put(get(id)), an update and a swap leave all else as it is, or fail and leave the row alone, by %s (${RUNS} runs)`, (_, storage) =>
    run(storage, fc.oneof(states(doubles), states(anyNumber))),
  );

  it(`the same is true by Prisma's verbs, for numbers that a double holds (${RUNS} runs)`, () =>
    run(createPrismaStorage(client), seldomLost, true));

  it(`an integer beyond 2^53 is PRECISION_LOSS by Prisma's verbs, wherever it is (${RUNS_BY_ONE_WAY} runs)`, async () => {
    const verbs = createPrismaStorage(client);
    const property = fc.asyncProperty(statesWith(largeNumbers), async ({ state, path }) => {
      await store(state);
      const loss = { code: "PRECISION_LOSS", id: "row", path: expect.stringMatching(path) as string };
      await expect(verbs.get("row")).rejects.toMatchObject(loss);
      await expect(verbs.update("row", (current) => ({ ...current, status: "failed" }))).rejects.toMatchObject(loss);
      expect(await isStored(state, "waiting")).toBe(true);
    });
    await fc.assert(property, { numRuns: RUNS_BY_ONE_WAY });
  });
});
