import { byCodePoint } from "../state/code-point-order.js";
import type { InstanceOrder } from "../storage/selection.js";
import type { Direction } from "../storage/options.js";
import type { TextRow } from "../state/row.js";

/** A row of the table, all columns; the text of the state is what `jsonbText` makes of it. */
export interface MemoryRow extends TextRow {
  readonly insertedAt: Date;
  readonly updatedAt: Date;
}

/** Orders rows as PostgreSQL does under the collation "C". */
export function inOrder(orderBy: readonly InstanceOrder[]): (a: MemoryRow, b: MemoryRow) => number {
  return (a, b) => {
    for (const { id, insertedAt, updatedAt } of orderBy) {
      const order =
        sign(id) * byCodePoint(a.id, b.id) ||
        sign(insertedAt) * byTime(a.insertedAt, b.insertedAt) ||
        sign(updatedAt) * byTime(a.updatedAt, b.updatedAt);
      if (order !== 0) return order;
    }
    return 0;
  };
}

/** Orders times. */
export function byTime(a: Date, b: Date): number {
  return a.getTime() - b.getTime();
}

function sign(direction: Direction | undefined): number {
  if (direction === undefined) return 0;
  return direction === "asc" ? 1 : -1;
}
