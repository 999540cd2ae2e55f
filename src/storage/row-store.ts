import type { Page, Selection } from "./selection.js";
import type { CheckedRow } from "../serialization/mapping.js";
import type { CountColumn, PruneOptions } from "./options.js";
import type { StoredForm } from "./snapshots.js";
import type { InstanceRow, SummaryRow } from "../serialization/row.js";

/** Where a storage keeps its rows: the table behind a Prisma Client, or memory. */
export interface RowStore {
  /** The row with this id. */
  find(id: string): Promise<InstanceRow | null>;

  /** The rows of a selection, whole. */
  findMany(selection: Selection, page: Page): Promise<InstanceRow[]>;

  /** The rows of a selection, without their state. */
  findSummaries(selection: Selection, page: Page): Promise<SummaryRow[]>;

  /**
   * Those rows again, with the state as text where its numbers may have lost digits; one that was changed in between
   * only where it is `stillMeant`, and no deleted one.
   */
  exact(rows: readonly InstanceRow[], stillMeant: (row: InstanceRow, now: InstanceRow) => boolean): Promise<StoredForm[]>;

  /** How many rows a selection has. */
  count(selection: Selection): Promise<number>;

  /** How many rows a selection has for each value of a column. */
  countBy(selection: Selection, column: CountColumn): Promise<[string | number, number][]>;

  /** Writes a row, whether its id is free or taken. The version of a taken one stays. */
  upsert(row: CheckedRow): Promise<void>;

  /** Upserts all rows or none, one after the other. */
  upsertMany(rows: readonly CheckedRow[]): Promise<void>;

  /** Writes a row where its id is free, and answers whether it was. */
  insert(row: CheckedRow): Promise<boolean>;

  /** Writes a row where the stored one is still what was read. @throws {ConflictError} where it differs or is gone. */
  swap(expected: StoredForm, row: CheckedRow): Promise<void>;

  /** Deletes the row with this id, and answers how many there were: one or none. */
  delete(id: string): Promise<number>;

  /** Deletes the rows of a selection in batches, and answers how many. */
  prune(selection: Selection, options: PruneOptions): Promise<number>;
}
