import type { Retry } from "../postgres/retry.js";
import { conflictWithin } from "../postgres/swap.js";
import { faultOf } from "../postgres/transient-error.js";
import { type InstanceRow, stateTextOf, type TextRow } from "../serialization/row.js";
import type { RowStore } from "../storage/row-store.js";
import type { Page, Selection } from "../storage/selection.js";
import { COLUMNS, type Connection, isTransaction, SUMMARY_COLUMNS } from "./client.js";
import { readExactly } from "./exact-rows.js";
import { inputOf, jsonInput } from "./input.js";
import { upsertRows } from "./put-many.js";
import { createRawRows } from "./raw-rows.js";

/** The rows of the table behind a Prisma Client: every verb of Prisma that this package calls. */
export function createPrismaRows(connection: Connection, retry: Retry): RowStore {
  const { client, instances } = connection;
  const raw = createRawRows(connection);

  return {
    async find(id) {
      const read = (): PromiseLike<InstanceRow | null> => instances.findUnique({ where: { id }, select: COLUMNS });
      const readText = async (): Promise<TextRow[]> => (await raw.findTexts([id])) ?? [];
      const [row = null] = await readExactly(raw, retry, async () => listOf(await read()), readText);
      return row;
    },

    findMany(selection, page) {
      const readTexts = (): Promise<TextRow[]> => raw.findMany(selection, page);
      if (needsRawSql(selection)) return retry.repeatable(readTexts);
      return readExactly(raw, retry, () => instances.findMany({ where: selection.where, select: COLUMNS, ...verbsOf(page) }), readTexts);
    },

    findSummaries: (selection, page) =>
      retry.repeatable(() =>
        needsRawSql(selection)
          ? raw.findSummaries(selection, page)
          : instances.findMany({ where: selection.where, select: SUMMARY_COLUMNS, ...verbsOf(page) }),
      ),

    count: (selection) =>
      retry.repeatable(() => (needsRawSql(selection) ? raw.count(selection) : instances.count({ where: selection.where }))),

    async countBy(selection, column) {
      if (needsRawSql(selection)) return retry.repeatable(() => raw.countBy(selection, column));
      const groups = await retry.repeatable(() => instances.groupBy({ by: [column], where: selection.where, _count: { _all: true } }));
      return groups.flatMap(({ [column]: value, _count }) => (value === undefined ? [] : [[value, _count._all]]));
    },

    async upsert(row) {
      const { create, update } = inputOf(client, row);
      // Without `select`, the whole state would come back.
      await retry.repeatable(() => instances.upsert({ where: { id: row.id }, create, update, select: { id: true } }));
    },

    upsertMany: (rows) => retry.repeatable(() => upsertRows(connection, rows)),

    async insert(row) {
      const { create } = inputOf(client, row);
      // In a transaction, a taken id doesn't abort it.
      const { count } = await retry.once(row.id, () => instances.createMany({ data: [create], skipDuplicates: true }));
      return count > 0;
    },

    // One guarded UPDATE. It compares everything that an instance is, and needs no column of its own, so it notices every writer.
    async swap(expected, row) {
      const { id, workflow, workflowVersion, status } = expected;
      const where = { id, workflow, workflowVersion, status, state: { equals: jsonInput(client, stateTextOf(expected) ?? "null") } };
      const { update } = inputOf(client, row);
      try {
        const { count } = await retry.once(id, () => instances.updateMany({ where, data: update }));
        return count > 0;
      } catch (error) {
        if (!isTransaction(client) || faultOf(error) !== "unexecuted") throw error;
        throw conflictWithin(id, error);
      }
    },

    async delete(id) {
      const { count } = await retry.repeatable(() => instances.deleteMany({ where: { id } }));
      return count;
    },

    deleteSome: (selection, limit) => retry.repeatable(() => raw.deleteSome(selection, limit)),
  };
}

/** Prisma has no verb for containment that an index serves. */
function needsRawSql({ contains }: Selection): boolean {
  return contains.length > 0;
}

/** What Prisma's verbs take of a page. */
function verbsOf({ orderBy, take }: Page): Pick<Page, "orderBy" | "take"> {
  return take === undefined ? { orderBy } : { orderBy, take };
}

function listOf<Row>(row: Row | null): Row[] {
  return row === null ? [] : [row];
}
