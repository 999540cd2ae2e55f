import type { InstanceSummary } from "../instance/summary.js";
import { isAsStored } from "../values/as-stored.js";
import { isJsonPatched, writeJson } from "../values/json-text.js";

/** The columns of a row beside its state. */
export interface RowColumns {
  readonly id: string;
  readonly workflow: string;
  readonly workflowVersion: number;
  readonly status: string;
}

/** A row whose state is parsed JSON. Its numbers are JavaScript's. */
export interface InstanceRow extends RowColumns {
  readonly state: unknown;
}

/** A row with the text of its state, which has every digit; `null` if that text can't be had, and digits are lost without it. */
export interface TextRow extends RowColumns {
  readonly stateText: string | null;
}

/** What a row held when it was read or written. A compare-and-swap compares all of it. */
export type RowSnapshot = InstanceRow | TextRow;

/** A row that is ready to be written. */
export interface CheckedRow extends RowColumns {
  /** The state as JSON text. */
  readonly stateText: string;
}

/** The columns of a row that a summary reads: all but the state. The status is any text until it is checked. */
export interface SummaryRow extends Omit<InstanceSummary, "status"> {
  readonly status: string;
}

/** The state of a snapshot as JSON text; `null` if only that would have every digit and it can't be had. */
export function stateTextOf(row: RowSnapshot): string | null {
  if ("stateText" in row) return row.stateText;
  return isJsonPatched() || isAsStored(row.state) ? writeJson(row.state) : JSON.stringify(row.state);
}

/** A snapshot whose state is text: it doesn't change with the values that were made of it. */
export function toTextRow(row: RowSnapshot): TextRow {
  const { id, workflow, workflowVersion, status } = row;
  return "stateText" in row ? row : { id, workflow, workflowVersion, status, stateText: stateTextOf(row) };
}
