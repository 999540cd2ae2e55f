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

/** What a summary reads. */
export const SUMMARY_FIELDS = ["id", "workflow", "workflowVersion", "status", "insertedAt", "updatedAt"] as const;

/** What an instance is read from. The text of the state has every digit; parsed JSON may lack some. */
export const TEXT_FIELDS = ["id", "workflow", "workflowVersion", "status", "stateText"] as const;

/** A SELECT list that names its columns as TypeScript does. */
export function selectList(fields: readonly (keyof typeof COLUMNS | "stateText")[]): string {
  return fields.map((field) => `${field === "stateText" ? `${COLUMNS.state}::text` : COLUMNS[field]} AS "${field}"`).join(", ");
}
