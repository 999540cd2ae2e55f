import type { InstanceSummary } from "../instance/summary.js";
import { writeJson } from "../values/json-text.js";

/** The columns of a row beside its state. */
export interface RowColumns {
  readonly id: string;
  readonly workflow: string;
  readonly workflowVersion: number;
  readonly status: string;
}

/** A row whose state is JSON text, to the last digit. */
export interface TextRow extends RowColumns {
  readonly stateText: string;
  /** The same state, if it is parsed already and has lost nothing. It becomes part of an instance, so such a row is read once. */
  readonly plainState?: unknown;
}

/** A row whose state is parsed JSON, as Prisma's verbs read it. Its numbers are JavaScript's. */
export interface ParsedRow extends RowColumns {
  readonly state: unknown;
}

/** A row that was read. */
export type ReadRow = TextRow | ParsedRow;

/** The columns of a row that a summary reads: all but the state. The status is any text until it is checked. */
export interface SummaryRow extends Omit<InstanceSummary, "status"> {
  readonly status: string;
}

/** Whether two rows with one id are equal in all but their states. */
export function hasSameColumns(a: RowColumns, b: RowColumns): boolean {
  return a.workflow === b.workflow && a.workflowVersion === b.workflowVersion && a.status === b.status;
}

/** Whether two rows with one id are equal to the letter of their states. */
export function isSameRow(a: TextRow, b: TextRow): boolean {
  return a.stateText === b.stateText && hasSameColumns(a, b);
}

/** A row whose state is text: it doesn't change with the values that were made of it. */
export function toTextRow(row: ReadRow): TextRow {
  if ("stateText" in row) return row;
  const { id, workflow, workflowVersion, status, state } = row;
  return { id, workflow, workflowVersion, status, stateText: writeJson(state) };
}
