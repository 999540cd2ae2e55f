import { type Conditions, describeConditions } from "../conditions.js";
import { writeSections } from "../markdown/document.js";
import { count, table } from "../markdown/table.js";
import { REWRITES, type SetUpCost } from "./set-up-costs.js";
import type { Sizes } from "./table-statistics.js";

/** What was measured of the set-ups, and when. */
export interface SetUpFigures {
  readonly conditions: Conditions;
  readonly costs: readonly SetUpCost[];
}

/** Writes the measured section on the set-ups of `docs/scale.md`, which has a run of its own. */
export async function writeSetUps({ conditions, costs }: SetUpFigures): Promise<void> {
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
    ["state", "set-up", "rows", "table", `after ${REWRITES} puts of each row`, "indexes", `after ${REWRITES} puts of each row `, "vacuum"],
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
  await writeSections("scale.md", { setups: `${describeConditions(conditions)}\n\n${put}\n\n${space}` }, "any");
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
