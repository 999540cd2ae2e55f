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

type Field = keyof typeof COLUMNS | "stateText" | "insertedMs" | "updatedMs";

// What is read of a column otherwise than the driver would hand it out. The text of a state has every digit, which parsed
// JSON has not; milliseconds depend neither on a driver's parsers nor on the time zone of the process.
const EXPRESSIONS: Readonly<Record<Field, string>> = {
  ...COLUMNS,
  stateText: `${COLUMNS.state}::text`,
  insertedMs: milliseconds(COLUMNS.insertedAt),
  updatedMs: milliseconds(COLUMNS.updatedAt),
};

/** What a summary reads. */
export const SUMMARY_FIELDS = ["id", "workflow", "workflowVersion", "status", "insertedAt", "updatedAt"] as const;

/** The same, with the times in milliseconds since 1970. */
export const SUMMARY_MS_FIELDS = ["id", "workflow", "workflowVersion", "status", "insertedMs", "updatedMs"] as const;

/** What an instance is read from. The text of the state has every digit; parsed JSON may lack some. */
export const TEXT_FIELDS = ["id", "workflow", "workflowVersion", "status", "stateText"] as const;

/** A SELECT list that names its columns as TypeScript does. */
export function selectList(fields: readonly Field[]): string {
  return fields.map((field) => `${EXPRESSIONS[field]} AS "${field}"`).join(", ");
}

function milliseconds(column: string): string {
  return `(extract(epoch FROM ${column}) * 1000)::float8`;
}
