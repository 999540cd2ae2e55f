import { describeConditions } from "../conditions.js";
import { writeSections } from "../markdown/document.js";
import { count, table } from "../markdown/table.js";
import { capacityTable } from "./capacity-table.js";
import { REWRITES } from "./set-up-costs.js";
import { keepFigures, type SetUpFigures } from "./set-up-figures.js";
import type { Sizes } from "./table-statistics.js";

// Orders of a shop, and those of a platform.
const LOADS = [
  { instances: 10_000_000, putsPerSecond: 200 },
  { instances: 1_000_000_000, putsPerSecond: 5_000 },
] as const;

/** Writes the sections of `docs/scale.md` on the set-ups, which have a run of their own, and keeps their figures. */
export async function writeSetUps(figures: SetUpFigures): Promise<void> {
  const { conditions, costs } = figures;
  keepFigures(figures);
  const put = table(
    ["state", "set-up", "WAL of a put", "with a new status", "HOT", "time of a put"],
    costs.map(({ stateBytes, setUp, wal, walOfStatus, hot, time }) => [
      kilobytes(stateBytes),
      setUp,
      `${count(wal)} bytes`,
      `${count(walOfStatus)} bytes`,
      `${Math.round(hot * 100)} %`,
      `× ${time.toFixed(2)}`,
    ]),
    ["set-up"],
  );
  const space = table(
    ["state", "set-up", "rows", "table", `after ${REWRITES} puts of each row`, "indexes", `after ${REWRITES} puts of each row`, "vacuum"],
    costs.map(({ stateBytes, setUp, rows, filled, rewritten, vacuum }) => [
      kilobytes(stateBytes),
      setUp,
      count(rows),
      megabytes(tableOf(filled)),
      `${megabytes(tableOf(rewritten))}, × ${(tableOf(rewritten) / tableOf(filled)).toFixed(2)}`,
      megabytes(filled.indexes),
      `${megabytes(rewritten.indexes)}, × ${(rewritten.indexes / filled.indexes).toFixed(2)}`,
      `× ${vacuum.toFixed(2)}`,
    ]),
    ["set-up"],
  );
  const plan = LOADS.map((load) =>
    capacityTable({ ...load, stateBytes: 2_000, putsPerInstance: 8, statusShare: 0.5 }, costs, ["full", "without state search", "lean"]),
  );
  await writeSections("scale.md", { setups: `${describeConditions(conditions)}\n\n${put}\n\n${space}`, plan: plan.join("\n\n") }, "any");
}

function tableOf({ heap, toast }: Sizes): number {
  return heap + toast;
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1024)} KB`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}
