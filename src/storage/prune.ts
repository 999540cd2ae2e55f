import type { Connection } from "../prisma/client.js";
import { InvalidFilterError } from "../errors.js";
import { type Selection, toSelection } from "./selection.js";
import type { Status } from "../instance/instance.js";
import type { PruneOptions } from "./options.js";
import type { Retry } from "../postgres/retry.js";
import { sqlWhere } from "../postgres/where.js";
import { noTable, tableOf } from "../prisma/table.js";
import type { QueryFilters } from "./filters.js";

const TERMINAL: readonly Status[] = ["completed", "failed"];
const BATCH_SIZE = 500;

/** What may be pruned. @throws {InvalidFilterError} for filters that are empty, or mean instances that may still run. */
export function toPruned(filters: QueryFilters, { includeActive = false, all = false }: PruneOptions): Selection {
  const selection = toSelection(filters);
  const { status, statusIn = status === undefined ? undefined : [status] } = filters;
  const names = Object.keys(filters).filter((name) => !(name === "workflowFamily" && filters.workflowFamily === ""));
  if (names.length === 0 && !all)
    throw new InvalidFilterError("", "prune without a filter would delete everything: say so with { all: true }");
  const active = statusIn?.filter((one) => !TERMINAL.includes(one)) ?? ["any"];
  if (active.length > 0 && !includeActive)
    throw new InvalidFilterError(
      status === undefined ? "statusIn" : "status",
      `prune would delete instances that may still run (${active.join(", ")}): give statusIn: ["completed", "failed"], or say so with { includeActive: true }`,
    );
  return selection;
}

/** A table that can be deleted from. */
export interface PrunedTable {
  /** Its qualified and quoted name. */
  readonly name: string;
  /** Runs a statement, and answers how many rows it was about. */
  execute(this: void, sql: string, ...values: unknown[]): PromiseLike<number>;
}

/** Deletes the rows of a selection in batches, and answers how many. Rows that others have locked are left. */
export async function pruneRows(connection: Connection, retry: Retry, selection: Selection, options: PruneOptions): Promise<number> {
  const { client } = connection;
  const execute = client.$executeRawUnsafe?.bind(client);
  const name = await retry.repeatable(() => tableOf(connection));
  if (name === null || execute === undefined) throw noTable(connection, "prune needs");
  return pruneTable({ name, execute }, retry, selection, options);
}

/** The same for a table whose name is known. */
export async function pruneTable(table: PrunedTable, retry: Retry, selection: Selection, options: PruneOptions): Promise<number> {
  const parameters: unknown[] = [];
  const where = sqlWhere(selection, parameters);
  // As a subquery of the DELETE, it could be run once for each row, and find others each time.
  const batch = (size: number): string => `
    WITH batch AS MATERIALIZED (SELECT id FROM ${table.name} WHERE ${where} LIMIT ${size} FOR UPDATE SKIP LOCKED)
    DELETE FROM ${table.name} WHERE id IN (SELECT id FROM batch)`;
  return pruneBatches((size) => retry.repeatable(() => table.execute(batch(size), ...parameters)), options);
}

/** Deletes batches until one isn't full or the signal stops it, and answers how many were deleted in all. */
export async function pruneBatches(deleteBatch: (size: number) => Promise<number>, options: PruneOptions): Promise<number> {
  const { batchSize = BATCH_SIZE, signal, onProgress } = options;
  let pruned = 0;
  while (signal?.aborted !== true) {
    const deleted = await deleteBatch(batchSize);
    pruned += deleted;
    if (deleted > 0) onProgress?.(pruned);
    if (deleted < batchSize) break;
  }
  return pruned;
}
