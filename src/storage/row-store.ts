import type { ReadRow, SummaryRow, TextRow } from "../state/row.js";
import type { CountColumn, LockMode } from "./options.js";
import type { Page, Selection } from "./selection.js";

/**
 * Stores rows: in PostgreSQL by Prisma's verbs or by SQL, or in memory. A signal ends a call; before it was sent, the call
 * rejects with the signal's reason.
 */
export interface RowStore {
  /** Whether calls run inside a transaction of the user's: asked before each call. */
  isInTransaction(): boolean;

  /** Whether it can select by what a state contains. */
  readonly looksIntoStates: boolean;

  /** Reads that lock what they return or, as a text, why there are none. */
  readonly locks: RowLocks | string;

  /** Statements for several callers; without them, calls are not grouped. */
  readonly groups?: GroupStatements | undefined;

  /** Returns the row with this id, or `null`. */
  find(id: string, signal?: AbortSignal): Promise<ReadRow | null>;

  /** Returns the rows of a page of a selection, whole; fewer than `take` only if no more match. */
  findMany(selection: Selection, page: Page, signal?: AbortSignal): Promise<readonly ReadRow[]>;

  /** Returns the rows of a page of a selection, without their state; fewer than `take` only if no more match. */
  findSummaries(selection: Selection, page: Page, signal?: AbortSignal): Promise<readonly SummaryRow[]>;

  /** Returns how many rows a selection has. */
  count(selection: Selection, signal?: AbortSignal): Promise<number>;

  /** Returns how many rows a selection has for each value of a column. */
  countBy(selection: Selection, column: CountColumn, signal?: AbortSignal): Promise<[string | number, number][]>;

  /** Writes a row, whether its id is free or taken, and returns how many were stored. The version of a taken one stays. */
  upsert(row: TextRow, signal?: AbortSignal): Promise<number>;

  /** Upserts rows of different ids, all or none, and returns how many were stored. */
  upsertMany(rows: readonly TextRow[], signal?: AbortSignal): Promise<number>;

  /** Writes a row if its id is free, and returns whether it did. */
  insert(row: TextRow, signal?: AbortSignal): Promise<boolean>;

  /**
   * Writes a row if the stored one still equals the expected one, and returns whether it did.
   *
   * @throws {ConflictError} with a cause, if only a new transaction could see what is stored.
   */
  swap(expected: TextRow, row: TextRow, signal?: AbortSignal): Promise<boolean>;

  /** Deletes the row with this id, and returns how many were deleted: one or none. */
  delete(id: string, signal?: AbortSignal): Promise<number>;

  /**
   * Deletes at most `limit` rows of a selection: any of them or, with `after`, those that follow this id. By SQL, those that
   * others have locked are left; Prisma's verbs wait for them.
   */
  deleteSome(selection: Selection, limit: number, after: string | null, signal?: AbortSignal): Promise<DeletedRows>;
}

/** Reads of rows that stay locked until the user's transaction ends. They are called inside of one only. */
export interface RowLocks {
  /** Returns the row with this id, or `null`. */
  find(id: string, signal?: AbortSignal): Promise<ReadRow | null>;
  /** Returns rows of a selection in the order of their ids, at most `take`: those that match once they are locked. */
  findMany(selection: Selection, take: number, mode: LockMode, signal?: AbortSignal): Promise<readonly ReadRow[]>;
}

/** What rows by SQL can do for several callers by one statement. */
interface GroupStatements {
  /** Returns the rows with these ids, in any order. */
  find(ids: readonly string[], signal?: AbortSignal): Promise<readonly ReadRow[]>;
  /** Upserts rows of different ids, and returns the ids of those that were stored. */
  upsert(rows: readonly TextRow[], signal?: AbortSignal): Promise<readonly string[]>;
}

/** What {@link RowStore.deleteSome} has done. */
interface DeletedRows {
  readonly deleted: number;
  /** The last id of the batch, whether it was deleted or the database has kept it; `null` if there are no more to delete. */
  readonly last: string | null;
}
