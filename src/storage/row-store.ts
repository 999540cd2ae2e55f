import type { CheckedRow, RowSnapshot, SummaryRow } from "../state/row.js";
import type { CountColumn } from "./options.js";
import type { Page, Selection } from "./selection.js";

/** Stores rows: in the table behind a Prisma Client or a `pg` pool, or in memory. */
export interface RowStore {
  /** Returns the row with this id, or `null`. A signal ends the wait for it. */
  find(id: string, signal?: AbortSignal): Promise<RowSnapshot | null>;

  /** Returns the rows of a page of a selection, whole; fewer than `take` only if no more match. */
  findMany(selection: Selection, page: Page): Promise<readonly RowSnapshot[]>;

  /** Returns the rows of a page of a selection, without their state; fewer than `take` only if no more match. */
  findSummaries(selection: Selection, page: Page): Promise<readonly SummaryRow[]>;

  /** Returns how many rows a selection has. */
  count(selection: Selection): Promise<number>;

  /** Returns how many rows a selection has for each value of a column. */
  countBy(selection: Selection, column: CountColumn): Promise<[string | number, number][]>;

  /** Writes a row, whether its id is free or taken. The version of a taken one stays. */
  upsert(row: CheckedRow): Promise<void>;

  /** Upserts all rows or none, one after the other. */
  upsertMany(rows: readonly CheckedRow[]): Promise<void>;

  /** Writes a row if its id is free, and returns whether it was. */
  insert(row: CheckedRow): Promise<boolean>;

  /**
   * Writes a row if the stored one still equals what was read, and returns whether it did. A signal ends the wait for it.
   *
   * @throws {OutcomeUnknownError} if it may have been carried out.
   * @throws {ConflictError} with a cause, if only a new transaction could see what is stored.
   */
  swap(expected: RowSnapshot, row: CheckedRow, signal?: AbortSignal): Promise<boolean>;

  /** Deletes the row with this id, and returns how many there were: one or none. */
  delete(id: string): Promise<number>;

  /** Deletes at most `limit` rows of a selection, but none that others have locked. */
  deleteSome(selection: Selection, limit: number): Promise<DeletedRows>;
}

/** What {@link RowStore.deleteSome} has done. */
export interface DeletedRows {
  readonly deleted: number;
  /** Whether there may be more to delete. */
  readonly more: boolean;
}
