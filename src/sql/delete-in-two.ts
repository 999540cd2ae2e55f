import type { DeletedRows } from "../storage/row-store.js";
import type { Selection } from "../storage/selection.js";
import { batchSql, deleteBatchSql } from "./delete.js";
import type { Sql } from "./select.js";

/** Sends the two statements of {@link deleteInTwo}. */
export interface TwoStatements {
  select(statement: Sql): Promise<readonly { readonly id: string }[]>;
  /** Returns how many rows were deleted. */
  delete(statement: Sql): Promise<number>;
}

/**
 * Deletes at most `limit` rows of a selection if rows can't be locked: finds their ids, and then deletes those that still
 * match. The end is a list of ids that isn't full, since others may have deleted or changed some of a full one.
 */
export async function deleteInTwo(statements: TwoStatements, table: string, selection: Selection, limit: number): Promise<DeletedRows> {
  const ids = (await statements.select(batchSql(table, selection, limit))).map(({ id }) => id);
  const deleted = ids.length === 0 ? 0 : await statements.delete(deleteBatchSql(table, selection, ids));
  const isLast = ids.length < limit;
  if (isLast || deleted > 0) return { deleted, more: !isLast };
  // Others have deleted or changed them all, or this role may not delete them: then it would go on for ever.
  const left = await statements.select(batchSql(table, selection, 1, ids));
  return { deleted, more: left.length === 0 };
}
