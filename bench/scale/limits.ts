import type { Timing } from "./measure.js";
import type { Plan } from "./plan.js";

/** How much longer a call that must stay flat may take on the largest table than on the smallest. */
export const GROWTH_LIMIT = 1.5;
/** How many MB a full stream may take. */
export const STREAM_LIMIT = 150;

/** One size of the table. */
export interface Stage {
  readonly rows: number;
  /** Rows a second while it was filled from the size before. */
  readonly rate: number;
  readonly tableMegabytes: number;
  readonly indexMegabytes: number;
}

/** An operation at all sizes. */
export interface OperationFigures {
  readonly name: string;
  readonly flat: boolean;
  readonly timings: readonly Timing[];
  /** The last median divided by the first. */
  readonly growth: number;
  /** On the largest table. */
  readonly plan: Plan;
}

/** Whether an operation stays within the limit, and reads no whole table. */
export function isWithinLimit({ growth, plan }: Pick<OperationFigures, "growth" | "plan">): boolean {
  return growth <= GROWTH_LIMIT && !plan.scansTable;
}
