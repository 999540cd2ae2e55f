import type { Instance, InstanceStorage } from "hephaestus-prisma";
import { createMemoryStorage } from "hephaestus-prisma/memory";
import { createPgStorage } from "hephaestus-prisma/pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isLinearizable, type Step } from "../../tools/history/check.js";
import { playHistory, type Verdict } from "../../tools/history/play.js";
import { History } from "../../tools/history/record.js";
import { seededRandom } from "../../tools/random.js";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";

describe("the checker of histories", () => {
  const step = (call: string, [invoked, returned]: [number, number], rest: Partial<Step> = {}): Step => ({
    call,
    invoked,
    returned,
    ...rest,
  });
  const put = (n: number, at: [number, number]): Step => step(`put ${n}`, at, { left: n });
  const get = (is: number | null, at: [number, number]): Step => step(`get ${String(is)}`, at, { found: { is } });
  const swap = (is: number, left: number, at: [number, number]): Step => step(`swap ${is} for ${left}`, at, { found: { is }, left });
  const NEVER = Infinity;

  const amongUnknown = [
    ...Array.from({ length: 40 }, (_, n) => put(100 + n, [1, NEVER])),
    ...Array.from({ length: 10 }, () => step("delete", [1, NEVER], { left: null })),
    ...[put(1, [2, 3]), get(1, [4, 5]), put(2, [6, 7]), get(1, [8, 9])],
  ];

  const amongSwaps = [
    ...Array.from({ length: 40 }, (_, n) => [put(n, [4 * n, 4 * n + 1]), swap(n, 100 + n, [4 * n + 2, NEVER])]).flat(),
    ...[put(200, [1000, 1001]), put(201, [1002, 1003]), get(200, [1004, 1005])],
  ];

  const linearizable: [string, Step[]][] = [
    ["calls one after the other", [put(1, [1, 2]), get(1, [3, 4]), swap(1, 2, [5, 6]), get(2, [7, 8])]],
    ["calls that overlap, in the other order", [put(1, [1, 4]), put(2, [2, 3]), get(1, [5, 6])]],
    ["a put of unknown outcome that was executed", [put(1, [1, NEVER]), get(1, [2, 3])]],
    ["one that was executed late", [put(1, [1, NEVER]), put(2, [2, 3]), get(2, [4, 5]), get(1, [6, 7])]],
    ["one that was not executed", [put(1, [1, NEVER]), get(null, [2, 3])]],
    [
      "an insert that has met what only an unknown put can have stored",
      [put(1, [1, NEVER]), step("insert", [2, 3], { found: { not: null } })],
    ],
  ];
  it.each(linearizable)("accepts %s", (_, steps) => {
    expect(isLinearizable(steps)).toBe(true);
  });

  const impossible: [string, Step[]][] = [
    ["a stale read", [put(1, [1, 2]), put(2, [3, 4]), get(1, [5, 6])]],
    ["a lost update", [put(1, [1, 2]), swap(1, 2, [3, 6]), swap(1, 3, [4, 5])]],
    ["a value that nobody has stored, or whose write has failed", [put(1, [1, 2]), get(7, [3, 4])]],
    ["an acknowledged write that is undone", [put(1, [1, 2]), swap(1, 2, [3, 4]), get(1, [5, 6])]],
    [
      "a write of unknown outcome that is executed twice",
      [put(1, [1, NEVER]), get(1, [2, 3]), put(2, [4, 5]), get(1, [6, 7]), get(2, [8, 9])],
    ],
    ["an insert that has met nothing", [step("insert", [1, 2], { found: { not: null } })]],
    ["a conflict with nobody", [put(1, [1, 2]), step("conflict", [3, 4], { found: { not: 1 } })]],
    ["a stale read after 40 swaps of unknown outcome, each of which may be between any two puts", amongSwaps],
    ["a stale read among 40 puts and 10 deletes of unknown outcome, in whatever order these are tried", amongUnknown],
  ];
  it.each(impossible)("finds %s", (_, steps) => {
    expect(isLinearizable(steps)).toBe(false);
  });
});

describe("histories of a real database", () => {
  let database: PostgresDatabase;
  let storage: InstanceStorage;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    storage = createPgStorage(database.pool, { coalesceReads: true, coalesceWrites: true });
  });
  afterAll(() => database.close());

  /** Plays until a history is not linearizable, or so many calls have been acknowledged. */
  async function play(planted: InstanceStorage, restMs = 0): Promise<Verdict> {
    const history = new History();
    const controller = new AbortController();
    const playing = playHistory({
      storages: { sound: storage, planted },
      direct: storage,
      history,
      random: seededRandom(1),
      signal: controller.signal,
      restMs,
      onViolation: () => controller.abort(),
    });
    while (history.acknowledged < 3_000 && !controller.signal.aborted)
      await Promise.race([playing, new Promise((resolve) => setTimeout(resolve, 5))]);
    controller.abort();
    return playing;
  }

  it("are linearizable, and many", async () => {
    const { histories, violations } = await play(storage);
    expect(histories).toBeGreaterThan(10);
    expect([...violations.values()]).toEqual([]);
  });

  const planted: [string, InstanceStorage][] = [];
  const plant = (name: string, change: (sound: InstanceStorage) => Partial<InstanceStorage>): void => {
    const sound = (): InstanceStorage => storage;
    planted.push([
      name,
      new Proxy({} as InstanceStorage, { get: (_, key) => Reflect.get({ ...sound(), ...change(sound()) }, key) as unknown }),
    ]);
  };
  const memory = createMemoryStorage();
  plant("a storage that is not the same one", () => memory);
  plant("an update that doesn't compare", (sound) => ({
    async update(id, change) {
      const current = await sound.get(id);
      const next = await change(current as Instance);
      await sound.put(next);
      return next;
    },
  }));
  const seen = new Map<string, Instance | null>();
  plant("a read from a cache", (sound) => ({
    async get(id) {
      const cached = seen.get(id);
      const instance = cached === undefined || Math.random() < 0.5 ? await sound.get(id) : cached;
      seen.set(id, instance);
      return instance;
    },
  }));
  plant("a write that is sent after its call has failed", (sound) => ({
    async put(instance) {
      setTimeout(() => void sound.put(instance), 20);
      await Promise.reject(Object.assign(new Error("too late"), { code: "TIMEOUT" }));
    },
  }));
  plant("a write that is acknowledged, and not executed", () => ({ put: () => Promise.resolve() }));
  plant("a retry that undoes", (sound) => ({
    async put(instance) {
      await sound.put(instance);
      await new Promise((resolve) => setTimeout(resolve, 5));
      await sound.put(instance);
    },
  }));

  it.each(planted)("show %s", async (_, storageWithFault) => {
    const { violations } = await play(storageWithFault, 50);
    expect(violations.size).toBeGreaterThan(0);
  });
});
