import type { Selection } from "../../storage/selection.js";
import { createRetry } from "../../postgres/retry.js";
import { countSql } from "../../postgres/select.js";
import type { Database } from "../connection.js";

/** How many instances of a database a selection has. */
export async function countInstances(database: Database, selection: Selection): Promise<number> {
  const { text, values } = countSql(database.table, selection);
  const row = await createRetry({}).read(() => database.first(text, values));
  return Number(row?.count);
}
