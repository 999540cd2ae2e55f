import { expect, test } from "vitest";
import { capacityOf } from "../../bench/scale/capacity.js";
import { capacityTable } from "../../bench/scale/capacity-table.js";
import type { SetUpCost } from "../../bench/scale/set-up-costs.js";

/** Figures of a size of the state: 1,000 rows, of which each takes as many bytes as its state. */
function measured(setUp: string, stateBytes: number, hot: number): SetUpCost {
  const sizes = { heap: stateBytes * 1_000, toast: 0, indexes: 500_000, stateBytes };
  return {
    setUp,
    stateBytes,
    rows: 1_000,
    wal: stateBytes,
    walOfStatus: stateBytes * 2,
    time: 1,
    hot,
    vacuum: 1,
    filled: sizes,
    rewritten: sizes,
  };
}

const BARE = "without state search";
const COSTS = [
  ...[measured("full", 2_000, 0), measured("full", 4_000, 0)].map((cost) => ({
    ...cost,
    wal: cost.wal + 6_714,
    walOfStatus: cost.walOfStatus + 6_714,
  })),
  ...[measured(BARE, 2_000, 0), measured(BARE, 4_000, 0), measured("lean", 2_000, 0.9), measured("lean", 4_000, 0.9)],
];
const LOAD = { instances: 1_000_000, stateBytes: 3_000, putsPerSecond: 100, statusShare: 0.5, putsPerInstance: 8 };

test("a plan interpolates between the sizes that were measured, and takes the nearest beyond them", () => {
  expect(capacityOf(LOAD, COSTS, "lean")).toMatchObject({ tableBytes: 3_000_000_000, walPerPut: 4_500, walPerSecond: 450_000 });
  expect(capacityOf({ ...LOAD, stateBytes: 9_000 }, COSTS, "full")).toMatchObject({ tableBytes: 4_000_000_000 });
  expect(capacityOf({ ...LOAD, stateBytes: 100 }, COSTS, "full")).toMatchObject({ tableBytes: 2_000_000_000 });
});

test("a plan takes what the index of the state writes in a large table", () => {
  expect(capacityOf(LOAD, COSTS, BARE).walPerPut).toBe(4_500);
  expect(capacityOf(LOAD, COSTS, "full").walPerPut).toBeCloseTo(4_500 + 12_304);
});

test("a plan leaves the indexes of a set-up out, and takes a HOT update's row for no work of a vacuum", () => {
  const [full, bare, lean] = [capacityOf(LOAD, COSTS, "full"), capacityOf(LOAD, COSTS, BARE), capacityOf(LOAD, COSTS, "lean")];
  expect(lean).toMatchObject({ indexBytes: 232_000_000, hotIndexBytes: 191_000_000 });
  expect(bare).toMatchObject({ indexBytes: 366_000_000, hotIndexBytes: 191_000_000 }); // those by updated_at are updated at their ends
  expect(full.hotIndexBytes).toBeGreaterThan(lean.hotIndexBytes + 1_000_000_000); // the index of the state grows with it
  expect(full).toMatchObject({ deadPerSecond: 100, secondsBetweenVacuums: 2_000 });
  expect(lean.deadPerSecond).toBeCloseTo(55);
});

test("a plan has eight partitions for each 512 GB, one up to 64 GB, and the retention that fits the load", () => {
  expect(capacityOf(LOAD, COSTS, "lean")).toMatchObject({ partitions: 1, instancesPerSecond: 12.5, retentionSeconds: 80_000 });
  expect(capacityOf({ ...LOAD, instances: 100_000_000 }, COSTS, "lean")).toMatchObject({ partitions: 8 }); // 301 GB
  expect(capacityOf({ ...LOAD, instances: 200_000_000 }, COSTS, "lean")).toMatchObject({ partitions: 16 }); // 602 GB
});

test("a plan has as many servers as the scarcest of cores, memory and write-ahead log wants", () => {
  const servers = (load: Partial<typeof LOAD>, setUp = "lean"): number => capacityOf({ ...LOAD, ...load }, COSTS, setUp).servers;
  expect(servers({})).toBe(1);
  expect(servers({ instances: 1_000_000_000 })).toBe(1); // 178 of 192 GB
  expect(servers({ instances: 2_000_000_000 })).toBe(2);
  expect(servers({ putsPerSecond: 20_000 }, "full")).toBe(4); // 320 MB/s
  expect(servers({ stateBytes: 100, statusShare: 0, putsPerSecond: 40_000 })).toBe(1); // 76 MB/s, and 11 of 32 cores
  const { putsPerCore, cores } = capacityOf({ ...LOAD, putsPerSecond: 10_000 }, COSTS, "lean");
  expect(cores).toBeCloseTo((2 * 10_000) / putsPerCore);
});

test("a plan counts the connections to each server, and its transactions", () => {
  const load = { ...LOAD, instances: 2_000_000_000, putsPerSecond: 4_000 };
  const few = { ...load, instances: 1_000_000 };
  expect(capacityOf(few, COSTS, "lean")).toMatchObject({ processes: 4, connections: 20, secondsBetweenFreezes: 50_000 });
  expect(capacityOf(load, COSTS, "lean")).toMatchObject({ servers: 2, connections: 20 / 2 + 20 * 2, secondsBetweenFreezes: 100_000 });
});

test("a plan is a Markdown table with a column for each set-up", () => {
  const lines = capacityTable(LOAD, COSTS, ["full", "lean"]).split("\n");
  expect(lines[0]).toBe("| 1,000,000 instances of 2.9 KB, 100 puts a second | full | lean |");
  expect(lines).toContain("| WAL of a put | 16 KB | 4.4 KB |");
  expect(lines).toContain("| retention at this size | 22 hours | 22 hours |");
});
