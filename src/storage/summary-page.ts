import { behindCursor, encodeCursor } from "./cursor.js";
import { type InstanceOrder, type Page, type Selection, within } from "./selection.js";
import type { ListOptions } from "./options.js";
import type { SummaryRow } from "../serialization/row.js";

const PAGE_SIZE = 50;

/** What to ask for a page of a list, and what to make of the answer. */
export interface SummaryQuery {
  readonly selection: Selection;
  /** One row more than the page has: it tells whether there is a next one. */
  readonly page: Page;
  /** The rows of the page, and where the next one begins; `null` where there is none. */
  cut(this: void, rows: readonly SummaryRow[]): { readonly rows: readonly SummaryRow[]; readonly nextCursor: string | null };
}

/** How a page of a list is found, by whatever means. @throws {InvalidOptionError} for a cursor that is none, or of another order. */
export function toSummaryQuery(selection: Selection, options: ListOptions): SummaryQuery {
  const { limit = PAGE_SIZE, cursor, orderBy = "updatedAt", direction = "desc" } = options;
  const order = { orderBy, direction };
  const sorting: InstanceOrder[] = orderBy === "id" ? [{ id: direction }] : [{ [orderBy]: direction }, { id: direction }];
  return {
    selection: cursor === undefined ? selection : within(selection, behindCursor(order, cursor)),
    page: { orderBy: sorting, take: limit + 1 },
    cut(rows) {
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return { rows: rows.slice(0, limit), nextCursor: last === undefined ? null : encodeCursor(order, last) };
    },
  };
}
