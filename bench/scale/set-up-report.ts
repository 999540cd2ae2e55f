import { describeConditions } from "../conditions.js";
import { writeSections } from "../markdown/document.js";
import { count, table } from "../markdown/table.js";
import { DEFAULT_LOAD } from "./capacity.js";
import { capacityTable } from "./capacity-table.js";
import { REWRITES } from "./set-up-costs.js";
import { keepFigures, type SetUpFigures } from "./set-up-figures.js";
import { SET_UPS } from "./set-ups.js";
import type { Sizes } from "./table-statistics.js";

const LOADS = [
  { instances: 100_000_000, putsPerSecond: 1_000 },
  { instances: 1_000_000_000, putsPerSecond: 20_000 },
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
  const plan = LOADS.map(({ instances, putsPerSecond }) => {
    const load = { ...DEFAULT_LOAD, instances, putsPerSecond };
    const command = `npm run plan:scale -- --instances ${instances} --puts ${putsPerSecond}`;
    return `\`\`\`sh\n${command}\n\`\`\`\n\n${capacityTable(load, costs, SET_UPS.map(({ name }) => name))}`; // prettier-ignore
  });
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
