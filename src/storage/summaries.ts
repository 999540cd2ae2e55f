import { isTime, TIMES } from "../instance/check.js";
import type { SummaryRow } from "../state/row.js";
import { afterPosition, columnsOf, type Order, type Position } from "./cursor.js";
import type { RowStore } from "./row-store.js";
import { type InstanceWhere, type Selection, within } from "./selection.js";

/** What rows a list has, in what order, and how many are read at once. */
export interface SummaryRead {
  readonly selection: Selection;
  readonly order: Order;
  readonly batchSize: number;
  /** Whether rows that can't be read are left out without a word, and need not be looked for. */
  readonly skipsUnreadable: boolean;
}

type Summaries = Pick<RowStore, "findSummaries">;

/**
 * The rows of a list after a place in it, in batches that are read as they are asked for. Rows whose time can't be read
 * ('infinity', a year BC or after 9999) come before or after all others, as PostgreSQL orders them, but in the order of
 * their ids.
 */
export async function* summaryBatches(
  store: Summaries,
  query: SummaryRead,
  after: Position | undefined,
): AsyncGenerator<readonly SummaryRow[], void, undefined> {
  const { orderBy } = query.order;
  let last = after;
  for await (const rows of keysetBatches(store, query, after)) {
    if (orderBy !== "id" && !rows.every((row) => isTime(row[orderBy]))) return yield* aroundUnreadableTimes(store, query, orderBy, last);
    yield rows;
    last = rows.at(-1);
  }
}

async function* keysetBatches(
  store: Summaries,
  { selection, order, batchSize }: SummaryRead,
  after?: Position,
): AsyncGenerator<readonly SummaryRow[], void, undefined> {
  for (let last = after; ;) {
    const rest = last === undefined ? selection : within(selection, afterPosition(order, last));
    const rows = await store.findSummaries(rest, { orderBy: columnsOf(order), take: batchSize });
    yield rows;
    if (rows.length < batchSize) return;
    last = rows.at(-1);
  }
}

// Drivers read such a time as an invalid Date, which names no place to go on from. But SQL can compare it.
async function* aroundUnreadableTimes(
  store: Summaries,
  query: SummaryRead,
  column: "insertedAt" | "updatedAt",
  after: Position | undefined,
): AsyncGenerator<readonly SummaryRow[], void, undefined> {
  const part = (bound: InstanceWhere, order: Order): SummaryRead => ({ ...query, selection: within(query.selection, bound), order });
  const byId: Order = { orderBy: "id", direction: "asc" };
  const early = part({ [column]: { lt: TIMES.first } }, byId);
  const late = part({ [column]: { gt: TIMES.last } }, byId);
  const [before, beyond] = query.order.direction === "asc" ? [early, late] : [late, early];
  if (after === undefined && !query.skipsUnreadable) yield* keysetBatches(store, before);
  yield* keysetBatches(store, part({ [column]: { gte: TIMES.first, lte: TIMES.last } }, query.order), after);
  if (!query.skipsUnreadable) yield* keysetBatches(store, beyond);
}
