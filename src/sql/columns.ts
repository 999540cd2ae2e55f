import type { SummaryRow, TextRow } from "../state/row.js";
import type { SqlRow } from "./sql-client.js";

/** The table's columns, by the names that they have in TypeScript and in the Prisma model. */
export const COLUMNS = {
  id: "id",
  workflow: "workflow",
  workflowVersion: "workflow_version",
  status: "status",
  state: "state",
  insertedAt: "inserted_at",
  updatedAt: "updated_at",
} as const;

// Every column is read as text, so that no driver's parser changes it: under a name that is no column's, for a column of
// that name would be ordered by its text. The state alone has the type `text`, by which `onText` knows it.
const SHORT_TEXTS = castAll("varchar", {
  id: "id",
  workflow_text: COLUMNS.workflow,
  version_text: COLUMNS.workflowVersion,
  status_text: COLUMNS.status,
});
const STATE = castAll("text", { state_text: COLUMNS.state });
const TIMES = castAll("varchar", { inserted_ms: milliseconds(COLUMNS.insertedAt), updated_ms: milliseconds(COLUMNS.updatedAt) });

/** What an instance is read from. */
export const ROW: string = [...SHORT_TEXTS, ...STATE].join(", ");

/** What a summary is read from. */
export const SUMMARY: string = [...SHORT_TEXTS, ...TIMES].join(", ");

/** All columns. */
export const WHOLE_ROW: string = [...SHORT_TEXTS, ...STATE, ...TIMES].join(", ");

function castAll(type: "text" | "varchar", columns: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(columns).map(([alias, expression]) => `${expression}::${type} AS ${alias}`);
}

function milliseconds(column: string): string {
  return `(extract(epoch FROM ${column}) * 1000)`;
}

/** The row that {@link ROW} has read. A state that is NULL, which the migrations' table rules out, is no object: it is rejected. */
export function toTextRow(row: SqlRow): TextRow {
  return { ...toColumns(row), stateText: row.state_text ?? "null" };
}

/** The row that {@link SUMMARY} has read. A time that no Date can hold, such as `infinity`, is an invalid one. */
export function toSummaryRow(row: SqlRow): SummaryRow {
  return { ...toColumns(row), insertedAt: new Date(Number(row.inserted_ms)), updatedAt: new Date(Number(row.updated_ms)) };
}

function toColumns({ id, workflow_text: workflow, version_text: version, status_text: status }: SqlRow): Omit<TextRow, "stateText"> {
  return { id: id ?? "", workflow: workflow ?? "", workflowVersion: Number(version), status: status ?? "" };
}
