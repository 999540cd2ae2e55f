import { withoutCallSite } from "./call-site.js";
import { COLUMNS, type Connection } from "./client.js";
import { compareAndSwap } from "./compare-and-swap.js";
import { exactRows } from "./exact-rows.js";
import { pruneRows } from "../storage/prune.js";
import { putRows } from "./put-many.js";
import type { Retry } from "../postgres/retry.js";
import type { RowStore } from "../storage/row-store.js";
import { countRows, countRowsBy, findRows, findSummaries } from "./rows.js";
import { insertOf, upsertOf } from "./input.js";

/** The rows of the table behind a Prisma Client. */
export function createPrismaRows(connection: Connection, retry: Retry): RowStore {
  const { instances } = connection;
  return {
    find: (id) => retry.repeatable(() => withoutCallSite(() => instances.findUnique({ where: { id }, select: COLUMNS }))),
    findMany: (selection, page) => retry.repeatable(() => findRows(connection, selection, page)),
    findSummaries: (selection, page) => retry.repeatable(() => findSummaries(connection, selection, page)),
    exact: (rows, stillMeant) => retry.repeatable(() => exactRows(connection, rows, stillMeant)),
    count: (selection) => retry.repeatable(() => countRows(connection, selection)),
    countBy: (selection, column) => retry.repeatable(() => countRowsBy(connection, selection, column)),

    async upsert(row) {
      await retry.repeatable(() => instances.upsert(upsertOf(connection, row)));
    },

    upsertMany: (rows) => retry.repeatable(() => putRows(connection, rows)),

    async insert(row) {
      const { count } = await retry.once(row.id, () => instances.createMany(insertOf(connection, row)));
      return count > 0;
    },

    swap: (expected, row) => compareAndSwap(connection, retry, expected, row),

    async delete(id) {
      const { count } = await retry.repeatable(() => instances.deleteMany({ where: { id } }));
      return count;
    },

    prune: (selection, options) => pruneRows(connection, retry, selection, options),
  };
}
