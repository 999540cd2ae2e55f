import type { Timing } from "./measure.js";
import type { Plan } from "./plan.js";

/** How much longer a flat operation may take on the largest table than on the smallest. */
export const LAW = 1.5;
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
  /** The last median by the first. */
  readonly growth: number;
  /** On the largest table. */
  readonly plan: Plan;
}

/** Whether an operation that must be flat is. */
export function holds({ growth, plan }: Pick<OperationFigures, "growth" | "plan">): boolean {
  return growth <= LAW && !plan.scansTable;
}
