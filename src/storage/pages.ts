import { CorruptInstanceError, PrecisionLossError } from "../errors.js";
import { isTime, TIMES } from "../instance/check.js";
import type { Instance } from "../instance/instance.js";
import type { InstanceSummary } from "../instance/summary.js";
import { throwIfAborted } from "../runtime/signals.js";
import { toSummary } from "../state/mapping.js";
import type { ReadRow, SummaryRow } from "../state/row.js";
import type { Codec } from "./codec.js";
import { afterPosition, columnsOf, decodeCursor, encodeCursor, type Order, type Position } from "./cursor.js";
import type { ListOptions, OnUnreadable, QueryOptions, StreamOptions, SummaryPage } from "./options.js";
import { lockedPage } from "./row-locks.js";
import type { RowStore } from "./row-store.js";
import { type InstanceWhere, MAX_TAKE, type Page, type Selection, within } from "./selection.js";

const BATCH_SIZE = 100;
const PAGE_SIZE = 50;

/** Maps the rows of a listing as they are asked for. What can't be mapped is treated as `onUnreadable` says. */
function* readable<Row, Item>(rows: readonly Row[], map: (row: Row) => Item, onUnreadable: OnUnreadable): Generator<Item, void> {
  for (const row of rows) {
    let item: Item;
    try {
      item = map(row);
    } catch (error) {
      if (onUnreadable === "throw" || !(error instanceof CorruptInstanceError || error instanceof PrecisionLossError)) throw error;
      if (onUnreadable !== "skip") onUnreadable(error);
      continue;
    }
    yield item;
  }
}

/** The rows of a selection after an id, in batches that are read as they are asked for; in one batch if no size is given. */
async function* batches(
  store: RowStore,
  selection: Selection,
  size: number | undefined,
  { after, signal }: StreamOptions,
): AsyncGenerator<readonly ReadRow[], void, undefined> {
  const take = size === undefined ? undefined : Math.min(size, MAX_TAKE);
  const page: Page = { orderBy: [{ id: "asc" }], ...(take !== undefined && { take }) };
  for (let last = after, crowded = false; ; crowded = true) {
    const rest = last === undefined ? selection : within(selection, { id: { gt: last } });
    throwIfAborted(signal);
    const rows = await store.findMany(rest, { ...page, crowded }, signal);
    yield rows;
    if (take === undefined || rows.length < take) return;
    last = rows.at(-1)?.id;
  }
}

/** The instances of a page of a query. */
export async function queryPage(
  store: RowStore,
  selection: Selection,
  codec: Pick<Codec, "read">,
  options: QueryOptions,
): Promise<Instance[]> {
  const { onUnreadable = "throw", limit, forUpdate = false } = options;
  const found: Instance[] = [];
  const pages = forUpdate === false ? batches(store, selection, limit, options) : [lockedPage(store, selection, forUpdate, options)];
  for await (const rows of pages)
    for (const instance of readable(rows, (row) => codec.read(row), onUnreadable)) if (found.push(instance) === limit) return found;
  return found;
}

/** The instances of a selection, one by one. */
export async function* streamRows(
  store: RowStore,
  selection: Selection,
  codec: Pick<Codec, "read">,
  options: StreamOptions,
): AsyncGenerator<Instance, void, undefined> {
  const { onUnreadable = "throw", batchSize = BATCH_SIZE } = options;
  for await (const rows of batches(store, selection, batchSize, options)) yield* readable(rows, (row) => codec.read(row), onUnreadable);
}

/** What rows a list has, in what order, and how many are read at once. */
interface SummaryRead {
  readonly selection: Selection;
  readonly order: Order;
  readonly batchSize: number;
  /** Whether rows that can't be read are left out without a word, and need not be looked for. */
  readonly skipsUnreadable: boolean;
  readonly signal: AbortSignal | undefined;
}

type Summaries = Pick<RowStore, "findSummaries">;
type SummaryBatches = AsyncGenerator<readonly SummaryRow[], void, undefined>;

/** The options of a list. @throws {InvalidOptionError} for a cursor that is not one, or of another order. */
export function checkCursor(options: ListOptions): ListOptions {
  positionOf(options);
  return options;
}

function positionOf({ cursor, orderBy = "updatedAt", direction = "desc" }: ListOptions): Position | undefined {
  return typeof cursor === "string" ? decodeCursor({ orderBy, direction }, cursor) : undefined;
}

/** A page of a list. @throws {InvalidOptionError} for a cursor that is not one, or of another order. */
export async function listPage(store: Summaries, selection: Selection, options: ListOptions): Promise<SummaryPage> {
  const { onUnreadable = "throw", limit = PAGE_SIZE, orderBy = "updatedAt", direction = "desc", signal } = options;
  const order = { orderBy, direction };
  const position = positionOf(options);
  // One row more than the page has: if it is found, there is a next page.
  const batchSize = Math.min(limit, MAX_TAKE - 1) + 1;
  const read: SummaryRead = { selection, order, batchSize, skipsUnreadable: onUnreadable === "skip", signal };
  const items: InstanceSummary[] = [];
  for await (const rows of summaryBatches(store, read, position))
    for (const row of rows) {
      const last = items.length === limit ? items.at(-1) : undefined;
      if (last !== undefined) return { items, nextCursor: encodeCursor(order, last) };
      items.push(...readable([row], toSummary, onUnreadable));
    }
  return { items, nextCursor: null };
}

/**
 * The rows of a list after a place in it, in batches that are read as they are asked for. Rows whose time can't be read
 * ('infinity', a year BC or after 9999) come before or after all others, as PostgreSQL orders them, but in the order of
 * their ids.
 */
async function* summaryBatches(store: Summaries, read: SummaryRead, after: Position | undefined): SummaryBatches {
  const { orderBy } = read.order;
  let last = after;
  for await (const rows of keysetBatches(store, read, after)) {
    if (orderBy !== "id" && !rows.every((row) => isTime(row[orderBy]))) return yield* aroundUnreadableTimes(store, read, orderBy, last);
    yield rows;
    last = rows.at(-1);
  }
}

async function* keysetBatches(store: Summaries, { selection, order, batchSize, signal }: SummaryRead, after?: Position): SummaryBatches {
  for (let last = after; ;) {
    const rest = last === undefined ? selection : within(selection, afterPosition(order, last));
    throwIfAborted(signal);
    const rows = await store.findSummaries(rest, { orderBy: columnsOf(order), take: batchSize }, signal);
    yield rows;
    if (rows.length < batchSize) return;
    last = rows.at(-1);
  }
}

// Drivers read such a time as an invalid Date, which names no place to go on from. But SQL can compare it.
async function* aroundUnreadableTimes(
  store: Summaries,
  read: SummaryRead,
  column: "insertedAt" | "updatedAt",
  after: Position | undefined,
): SummaryBatches {
  const part = (bound: InstanceWhere, order: Order): SummaryRead => ({ ...read, selection: within(read.selection, bound), order });
  const byId: Order = { orderBy: "id", direction: "asc" };
  const early = part({ [column]: { lt: TIMES.first } }, byId);
  const late = part({ [column]: { gt: TIMES.last } }, byId);
  const [before, beyond] = read.order.direction === "asc" ? [early, late] : [late, early];
  if (after === undefined && !read.skipsUnreadable) yield* keysetBatches(store, before);
  yield* keysetBatches(store, part({ [column]: { gte: TIMES.first, lte: TIMES.last } }, read.order), after);
  if (!read.skipsUnreadable) yield* keysetBatches(store, beyond);
}
