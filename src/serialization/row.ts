import type { InstanceSummary } from "../instance/summary.js";

/** The columns of a row that the storage reads. */
export interface InstanceRow {
  readonly id: string;
  readonly workflow: string;
  readonly workflowVersion: number;
  readonly status: string;
  readonly state: unknown;
}

/** The columns of a row that a summary reads: all but the state. The status is any text until it is checked. */
export interface SummaryRow extends Omit<InstanceSummary, "status"> {
  readonly status: string;
}
