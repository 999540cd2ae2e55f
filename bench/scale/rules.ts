import { interpolate } from "../statistics.js";

/** The server that a plan counts with. What a standby replays by its one process is a rule of thumb, and so is the share for the cache. */
export const SERVER = { cores: 32, memory: "256 GB", cacheBytes: 0.75 * 256 * 2 ** 30, walPerSecond: 100 * 2 ** 20 } as const;

/** A process of the application, whose own work takes most of its core: a put takes 0.1 to 0.2 ms of it. */
export const PROCESS = { putsPerSecond: 1_000, pool: 5 } as const;

export const RULES = {
  /** Of the cores: the other half is for reads, `prune`, checkpoints and peaks. */
  load: 0.5,
  /** With the indexes. Not measured: up to this size, a vacuum, a copy or the build of an index takes minutes. */
  partBytes: 64 * 2 ** 30,
  /** One to keep, and one to move to a new server. */
  shardsPerServer: 2,
  // PostgreSQL's defaults.
  autovacuumScaleFactor: 0.2,
  freezeMaxAge: 200_000_000,
} as const;

/** What the index of the state writes a put at 100,000 rows, divided by what it writes at 20,000: 12,304 and 6,714 bytes. */
export const WAL_OF_LARGE_TABLE = 12_304 / 6_714;

/** At the end of a prune of 550,000, the slowest part of it. */
export const PRUNED_PER_SECOND = 22_000;

// Milliseconds of a core of the server, with those of the vacuum after it, at these sizes of the state.
const STATE_BYTES = [1_969, 15_195, 61_546] as const;
const CPU: Readonly<Record<string, readonly number[]>> = {
  full: [0.39, 1.96, 6.61],
  "without state search": [0.193, 0.64, 2.12],
  lean: [0.143, 0.6, 2.11],
  "lean, fillfactor 80": [0.139, 0.675, 2.13],
};

/** How many coalesced puts a second a core of the server takes: `npm run bench:cpu`, 2026-11-28, PostgreSQL 18.4. */
export function putsOfCore(setUp: string, stateBytes: number): number {
  const points = STATE_BYTES.map((bytes, index) => [bytes, CPU[setUp]?.[index] ?? NaN] as const);
  return 1_000 / interpolate(points, stateBytes);
}
