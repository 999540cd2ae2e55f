import type { Instance } from "../../dist/index.js";
import type { PostgresServer } from "../../tools/postgres-server.js";
import { createDatabase, createTable } from "../database.js";
import { median } from "../statistics.js";
import { connectDatabase, type ScaleDatabase } from "./database.js";
import { instanceOf } from "./data.js";
import { type SetUp, SET_UPS, statementsOf } from "./set-ups.js";
import { readSizes, type Sizes, updatesOf, vacuum, walPosition } from "./table-statistics.js";

/** What puts cost in a set-up, at one size of the state. */
export interface SetUpCost {
  readonly setUp: string;
  /** The mean size of a state as text. */
  readonly stateBytes: number;
  readonly rows: number;
  /** Bytes of WAL of a put that leaves the status as it is. */
  readonly wal: number;
  /** Bytes of WAL of a put that changes it. */
  readonly walOfStatus: number;
  /** The median time of a put, divided by that of the first set-up. */
  readonly time: number;
  /** The share of puts that updated no index, of those that left the status as it is. */
  readonly hot: number;
  readonly filled: Sizes;
  /** After `REWRITES` puts of each row, with a vacuum after each. */
  readonly rewritten: Sizes;
  /** The median time of these vacuums, divided by that of the first set-up. */
  readonly vacuum: number;
}

/** How many times each row is put before the sizes are read again. */
export const REWRITES = 10;

// About 2, 16 and 64 KB of state, in tables of about the same size.
const STATES = [
  { items: 9, share: 1 },
  { items: 128, share: 1 / 8 },
  { items: 545, share: 1 / 32 },
] as const;
const ROUNDS = 8;
const PUTS = 100;
const CHUNK = 100;

/** A database with a set-up, and what has been measured on it so far. */
interface Side {
  readonly setUp: string;
  readonly database: ScaleDatabase;
  readonly vacuums: number[];
  readonly puts: number[];
  wal: number;
}

/** Measures the set-ups at three sizes of the state, each on a table of its own. All receive the same puts in turn. */
export async function measureSetUps(server: PostgresServer, rows: number): Promise<SetUpCost[]> {
  const costs: SetUpCost[] = [];
  for (const { items, share } of STATES) costs.push(...(await measureState(server, Math.ceil(rows * share), items)));
  return costs;
}

async function measureState(server: PostgresServer, rows: number, items: number): Promise<SetUpCost[]> {
  const sides: Side[] = [];
  const onEach = async <T>(measure: (database: ScaleDatabase) => Promise<T>): Promise<T[]> => {
    const results: T[] = [];
    for (const { database } of sides) results.push(await measure(database));
    return results;
  };
  try {
    for (const [index, setUp] of SET_UPS.entries()) sides.push(await createSide(server, `set_up_${items}_${index}`, setUp));
    await putAll(sides, shuffled(rows), (n) => instanceOf(n, 0, items));
    await onEach(({ sql }) => vacuum(sql));
    const filled = await onEach(({ sql }) => readSizes(sql));
    const before = await onEach(({ sql }) => updatesOf(sql));
    for (let rewrite = 1; rewrite <= REWRITES; rewrite++) {
      await putAll(sides, shuffled(rows), (n) => instanceOf(n, rewrite, items));
      for (const { database, vacuums } of sides) vacuums.push(await vacuum(database.sql));
    }
    const after = await onEach(({ sql }) => updatesOf(sql));
    const rewritten = await onEach(({ sql }) => readSizes(sql));
    for (let round = -1; round < ROUNDS; round++) {
      const chosen = shuffled(rows)
        .slice(0, PUTS)
        .map((n) => instanceOf(n, REWRITES + 2 + round, items));
      // Which set-up is first changes with the round, so that none has the warmest caches.
      for (const side of rotated(sides, round + 1)) await timePuts(side, chosen, round >= 0);
    }
    await onEach(({ sql }) => vacuum(sql));
    const changed = shuffled(rows)
      .slice(0, PUTS * ROUNDS)
      .map((n): Instance => ({ ...instanceOf(n, 0, items), status: "pending" }));
    const walOfStatus = await onEach((database) => walOf(database, changed));

    return sides.map(({ setUp, puts, wal, vacuums }, index) => ({
      setUp,
      rows,
      stateBytes: at(filled, index).stateBytes,
      wal: wal / puts.length,
      walOfStatus: at(walOfStatus, index) / changed.length,
      time: median(puts) / median(at(sides, 0).puts),
      hot: (at(after, index).hot - at(before, index).hot) / (at(after, index).all - at(before, index).all),
      filled: at(filled, index),
      rewritten: at(rewritten, index),
      vacuum: median(vacuums) / median(at(sides, 0).vacuums),
    }));
  } finally {
    for (const { database } of sides) await database.close();
  }
}

async function createSide(server: PostgresServer, name: string, setUp: SetUp): Promise<Side> {
  const url = await createDatabase(server, name);
  await createTable(url);
  const database = await connectDatabase(url);
  for (const statement of statementsOf(setUp)) await database.sql.query(statement);
  return { setUp: setUp.name, database, vacuums: [], puts: [], wal: 0 };
}

/** Stores an instance for each number. */
async function putAll(sides: readonly Side[], numbers: readonly number[], create: (n: number) => Instance): Promise<void> {
  for (let from = 0; from < numbers.length; from += CHUNK) {
    const chunk = numbers.slice(from, from + CHUNK).map(create);
    for (const { database } of sides) await database.storage.putMany(chunk);
  }
}

async function timePuts(side: Side, chosen: readonly Instance[], counted: boolean): Promise<void> {
  const times: number[] = [];
  const wal = await walOf(side.database, chosen, times);
  if (!counted) return;
  side.puts.push(...times);
  side.wal += wal;
}

/** The bytes of WAL that puts write; their times are added to `times`. */
async function walOf({ storage, sql }: ScaleDatabase, chosen: readonly Instance[], times: number[] = []): Promise<number> {
  const before = await walPosition(sql);
  for (const instance of chosen) {
    const start = performance.now();
    await storage.put(instance);
    times.push(performance.now() - start);
  }
  return (await walPosition(sql)) - before;
}

/** The numbers below one, in an order unrelated to their sizes. */
function shuffled(count: number): number[] {
  return Array.from({ length: count }, (_, n) => ({ n, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ n }) => n);
}

function rotated<T>(items: readonly T[], by: number): T[] {
  return items.map((_, index) => at(items, (index + by) % items.length));
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`there is no item ${index}`);
  return item;
}
