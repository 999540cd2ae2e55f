import type { InstanceWhere, Range, Selection } from "../storage/selection.js";
import type { SqlValue } from "./sql-client.js";

/** A selection as a condition in SQL, with its parameters. */
export function sqlWhere({ where, contains }: Selection, values: SqlValue[]): string {
  const parameter: Parameter = (value, type) => `$${values.push(value)}::text${type === "text" ? "" : `::${type}`}`;
  const conditions = contains.map((text) => `state @> ${parameter(text, "jsonb")}`);
  return [...conditions, condition(where, parameter)].join(" AND ");
}

/** A time as a `timestamp` without time zone takes it, in UTC. */
export function sqlTimestamp(time: Date): string {
  return time.toISOString().slice(0, -1);
}

/** Texts as an array's literal. */
export function sqlArray(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replace(/["\\]/g, "\\$&")}"`).join(",")}}`;
}

type Parameter = (value: string, type: "text" | "int" | "jsonb" | "timestamp" | "text[]") => string;

const SIGNS = { lt: "<", lte: "<=", gt: ">", gte: ">=" } as const;

function condition(where: InstanceWhere, parameter: Parameter): string {
  const { AND, OR, id, status, workflow, workflowVersion, insertedAt, updatedAt } = where;
  const time = (value: Date): string => parameter(sqlTimestamp(value), "timestamp");
  const all = (AND ?? []).map((inner) => condition(inner, parameter));
  if (OR) all.push(`(${OR.map((inner) => condition(inner, parameter)).join(" OR ")})`);
  if (id !== undefined) all.push(...text("id", id, parameter));
  if (status !== undefined) all.push(...text("status", status, parameter));
  if (workflow !== undefined) all.push(...text("workflow", workflow, parameter));
  if (workflowVersion !== undefined) all.push(`workflow_version = ${parameter(String(workflowVersion), "int")}`);
  if (insertedAt !== undefined) all.push(...bounds("inserted_at", insertedAt, time));
  if (updatedAt !== undefined) all.push(...bounds("updated_at", updatedAt, time));
  return all.length === 0 ? "TRUE" : `(${all.join(" AND ")})`;
}

function text(column: string, value: string | { in: string[] } | { startsWith: string } | Range<string>, parameter: Parameter): string[] {
  if (typeof value === "string") return [`${column} = ${parameter(value, "text")}`];
  if ("in" in value) return [`${column} = ANY(${parameter(sqlArray(value.in), "text[]")})`];
  if ("startsWith" in value) return [`${column} LIKE ${parameter(`${value.startsWith}%`, "text")}`];
  return bounds(column, value, (bound) => parameter(bound, "text"));
}

function bounds<Value>(column: string, range: Range<Value>, parameter: (bound: Value) => string): string[] {
  const { lt, lte, gt, gte } = range;
  return Object.entries({ lt, lte, gt, gte }).flatMap(([name, bound]) =>
    bound === undefined ? [] : [`${column} ${SIGNS[name as keyof typeof SIGNS]} ${parameter(bound)}`],
  );
}
