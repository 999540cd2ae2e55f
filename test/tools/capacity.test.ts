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

const COSTS = [measured("full", 2_000, 0), measured("full", 4_000, 0), measured("lean", 2_000, 0.9), measured("lean", 4_000, 0.9)];
const LOAD = { instances: 1_000_000, stateBytes: 3_000, putsPerSecond: 100, statusShare: 0.5, putsPerInstance: 8 };

test("a plan interpolates between the sizes that were measured, and takes the nearest beyond them", () => {
  expect(capacityOf(LOAD, COSTS, "full")).toMatchObject({ tableBytes: 3_000_000_000, walPerPut: 4_500, walPerDay: 4_500 * 100 * 86_400 });
  expect(capacityOf({ ...LOAD, stateBytes: 9_000 }, COSTS, "full")).toMatchObject({ tableBytes: 4_000_000_000 });
  expect(capacityOf({ ...LOAD, stateBytes: 100 }, COSTS, "full")).toMatchObject({ tableBytes: 2_000_000_000 });
});

test("a plan leaves the indexes of a set-up out, and takes a HOT update's row for no work of a vacuum", () => {
  const [full, lean] = [capacityOf(LOAD, COSTS, "full"), capacityOf(LOAD, COSTS, "lean")];
  expect(lean.indexBytes).toBe(232_000_000);
  expect(full.indexBytes).toBeGreaterThan(lean.indexBytes + 1_000_000_000); // the index of the state grows with it
  expect(full).toMatchObject({ deadPerSecond: 100, secondsBetweenVacuums: 2_000 });
  expect(lean.deadPerSecond).toBeCloseTo(55);
});

test("a plan has as many partitions as keep each at 64 GB, and the retention that fits the load", () => {
  expect(capacityOf(LOAD, COSTS, "lean")).toMatchObject({ parts: 1, instancesPerSecond: 12.5, retentionSeconds: 80_000 });
  expect(capacityOf({ ...LOAD, instances: 100_000_000 }, COSTS, "lean")).toMatchObject({ parts: 8 }); // 301 GB
});

test("a plan is a Markdown table with a column for each set-up", () => {
  const lines = capacityTable(LOAD, COSTS, ["full", "lean"]).split("\n");
  expect(lines[0]).toBe("| 1,000,000 instances of 2.9 KB, 100 puts a second | full | lean |");
  expect(lines).toContain("| WAL of a put | 4.4 KB | 4.4 KB |");
  expect(lines).toContain("| retention at this size | 22 hours | 22 hours |");
});
