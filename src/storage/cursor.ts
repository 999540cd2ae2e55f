import { checkTime, isStorableText, TIMES } from "../instance/check.js";
import { InvalidOptionError } from "../errors.js";
import type { SummaryRow } from "../state/row.js";
import type { InstanceOrder, InstanceWhere } from "./selection.js";
import type { Direction, OrderColumn } from "./options.js";

/** In what order a list is. The id decides between equal times. */
export interface Order {
  readonly orderBy: OrderColumn;
  readonly direction: Direction;
}

/** What names a place in a list. */
export type Position = Pick<SummaryRow, "id" | "insertedAt" | "updatedAt">;

/** An order, as the columns that make it. */
export function columnsOf({ orderBy, direction }: Order): InstanceOrder[] {
  return orderBy === "id" ? [{ id: direction }] : [{ [orderBy]: direction }, { id: direction }];
}

/** Where a page ends: the next one begins after it, whether its row is still there or not. Opaque to callers. */
export function encodeCursor({ orderBy, direction }: Order, row: Position): string {
  const value = orderBy === "id" ? null : row[orderBy].getTime();
  return toBase64Url(JSON.stringify([orderBy, direction, value, row.id]).replace(NOT_ASCII, escape));
}

/** The place that a cursor names. @throws {InvalidOptionError} for a text that is not one, or one of a list in another order. */
export function decodeCursor({ orderBy, direction }: Order, cursor: string): Position {
  const reject = (): never => {
    throw new InvalidOptionError("cursor", `the option "cursor" is invalid: expected the nextCursor of a list by ${orderBy} ${direction}`);
  };
  const [order, way, value, id, ...more] = parse(cursor);
  if (more.length > 0 || order !== orderBy || way !== direction || typeof id !== "string" || !isStorableText(id)) return reject();
  if (orderBy === "id") return value === null ? { id, insertedAt: TIMES.first, updatedAt: TIMES.first } : reject();
  const time = typeof value === "number" ? checkTime(new Date(value), reject) : reject();
  return { id, insertedAt: time, updatedAt: time };
}

/** Whether a text is a cursor of some order. */
export function isCursor(text: string): boolean {
  const [order, way] = parse(text);
  return (order === "id" || order === "insertedAt" || order === "updatedAt") && (way === "asc" || way === "desc");
}

/** The rows after a place in an order. */
export function afterPosition({ orderBy, direction }: Order, { id, ...times }: Position): InstanceWhere {
  const beyond = direction === "asc" ? "gt" : "lt";
  if (orderBy === "id") return { id: { [beyond]: id } };
  const time = times[orderBy];
  // The first bound is implied by the second, and is what an index can start from.
  return { AND: [{ [orderBy]: { [`${beyond}e`]: time } }, { OR: [{ [orderBy]: { [beyond]: time } }, { id: { [beyond]: id } }] }] };
}

function parse(cursor: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(fromBase64Url(cursor));
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

// Without `Buffer`, which browsers and the edge lack. Base64 there takes one byte for each unit of a text.
const NOT_ASCII = /[^ -~]/g;

function escape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function toBase64Url(text: string): string {
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64Url(text: string): string {
  return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
}
