import { byCodePoint } from "../state/code-point-order.js";
import { byTime, type MemoryRow } from "./memory-row.js";
import type { InstanceWhere, Range } from "../storage/selection.js";

/** Whether a row is one that PostgreSQL would find. */
export function matches(row: MemoryRow, where: InstanceWhere): boolean {
  const { AND = [], OR, id, status, workflow, workflowVersion, insertedAt, updatedAt } = where;
  return (
    AND.every((inner) => matches(row, inner)) &&
    (OR === undefined || OR.some((inner) => matches(row, inner))) &&
    (id === undefined || isText(row.id, id)) &&
    (status === undefined || isText(row.status, status)) &&
    (workflow === undefined || isText(row.workflow, workflow)) &&
    (workflowVersion === undefined || row.workflowVersion === workflowVersion) &&
    (insertedAt === undefined || isWithin(row.insertedAt, insertedAt, byTime)) &&
    (updatedAt === undefined || isWithin(row.updatedAt, updatedAt, byTime))
  );
}

function isText(value: string, condition: string | { in: string[] } | { startsWith: string } | Range<string>): boolean {
  if (typeof condition === "string") return value === condition;
  if ("in" in condition) return condition.in.includes(value);
  // The prefix is escaped, for LIKE.
  if ("startsWith" in condition) return value.startsWith(condition.startsWith.replace(/\\(.)/gs, "$1"));
  return isWithin(value, condition, byCodePoint);
}

function isWithin<Value>(value: Value, { lt, lte, gt, gte }: Range<Value>, compare: (a: Value, b: Value) => number): boolean {
  return (
    (lt === undefined || compare(value, lt) < 0) &&
    (lte === undefined || compare(value, lte) <= 0) &&
    (gt === undefined || compare(value, gt) > 0) &&
    (gte === undefined || compare(value, gte) >= 0)
  );
}
