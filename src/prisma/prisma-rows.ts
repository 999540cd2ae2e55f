import { checkStored } from "../sql/check-stored.js";
import { insertSql } from "../sql/insert.js";
import type { Retry } from "../storage/retry.js";
import { conflictWithin, swapSql } from "../sql/swap.js";
import { isWriteConflict } from "../sql/faults.js";
import { upsertOneSql } from "../sql/upsert.js";
import { type InstanceRow, stateTextOf, type TextRow } from "../state/row.js";
import type { RowStore } from "../storage/row-store.js";
import type { Page, Selection } from "../storage/selection.js";
import { COLUMNS, type Connection, isTransaction, SUMMARY_COLUMNS } from "./client.js";
import { readExactly } from "./exact-rows.js";
import { inputOf, jsonInput, notKept } from "./input.js";
import { rejectLostDigits } from "./lost-digits.js";
import { upsertRows } from "./put-many.js";
import { createRawRows } from "./raw-rows.js";
import { deleteSomeByVerbs } from "./delete-some.js";
import { whole } from "./whole-row.js";

/** The rows of the table behind a Prisma Client: every verb of Prisma that this package calls. */
export function createPrismaRows(connection: Connection, retry: Retry): RowStore {
  const { client, instances, extended } = connection;
  const raw = createRawRows(connection);

  const groups: RowStore["countBy"] = async ({ where }, column) => {
    const rows = await instances.groupBy({ by: [column], where, _count: { _all: true } });
    return rows.flatMap(({ [column]: value, _count }) => (value === undefined ? [] : [[value, _count._all]]));
  };

  // Prisma's `count` reads the id of every row, on Citus through one node. But an extension may know no other way to count.
  const countRows = async (selection: Selection): Promise<number> =>
    extended ? instances.count({ where: selection.where }) : sum((await groups(selection, "status")).map(([, count]) => count));

  const rows: RowStore = {
    async find(id, signal) {
      const read = async (): Promise<InstanceRow[]> => {
        const row = await instances.findUnique({ where: { id }, select: COLUMNS });
        return row === null ? [] : [whole(row, COLUMNS)];
      };
      const readText = (): Promise<TextRow[]> => raw.findMany({ where: { id }, contains: [] }, { orderBy: [{ id: "asc" }] });
      const [row = null] = await readExactly(raw, retry, read, readText, signal);
      return row;
    },

    findMany(selection, page) {
      const readTexts = (): Promise<TextRow[]> => raw.findMany(selection, page);
      if (needsRawSql(selection)) return retry.read(readTexts);
      const read = async (): Promise<InstanceRow[]> => {
        const rows = await instances.findMany({ where: selection.where, select: COLUMNS, ...verbsOf(page) });
        return rows.map((row) => whole(row, COLUMNS));
      };
      return readExactly(raw, retry, read, readTexts);
    },

    findSummaries(selection, page) {
      if (needsRawSql(selection)) return retry.read(() => raw.findSummaries(selection, page));
      return retry.read(async () => {
        const rows = await instances.findMany({ where: selection.where, select: SUMMARY_COLUMNS, ...verbsOf(page) });
        return rows.map((row) => whole(row, SUMMARY_COLUMNS));
      });
    },

    count: (selection) => retry.read(() => (needsRawSql(selection) ? raw.count(selection) : countRows(selection))),

    countBy: (selection, column) => retry.read(() => (needsRawSql(selection) ? raw.countBy(selection, column) : groups(selection, column))),

    async upsert(row) {
      const input = inputOf(connection, row);
      if (input === null) {
        const written = await retry.write([row.id], () => raw.write((table) => upsertOneSql(table, row)));
        if (written === null) throw notKept(row.stateText);
        checkStored([row.id], written);
        return;
      }
      // Without `select`, the whole state would come back.
      const stored = await retry.write([row.id], () => instances.upsert({ where: { id: row.id }, ...input, select: { id: true } }));
      checkStored([row.id], stored === null ? 0 : 1);
    },

    upsertMany: (rows) =>
      retry.write(
        rows.map(({ id }) => id),
        () => upsertRows(connection, rows),
      ),

    async insert(row) {
      const input = inputOf(connection, row);
      const count = await retry.once(row.id, async () => {
        if (input === null) return raw.write((table) => insertSql(table, row));
        // In a transaction, a taken id doesn't abort it.
        return (await instances.createMany({ data: [input.create], skipDuplicates: true })).count;
      });
      if (count === null) throw notKept(row.stateText);
      return count > 0;
    },

    // One guarded UPDATE. It compares everything that an instance is, and needs no column of its own, so it notices every writer.
    async swap(expected, row, signal) {
      const { id, workflow, workflowVersion, status } = expected;
      const expectedText = stateTextOf(expected) ?? "null";
      const [state, input] = [jsonInput(connection, expectedText), inputOf(connection, row)];
      // No row has an empty id. The condition on it keeps indexes of the guarded columns out: after many inserts, statistics
      // say that a status has no rows, and PostgreSQL would walk all of them instead of looking the id up.
      const guard = { OR: [{ workflow, workflowVersion, status }, { id: "" }] };
      try {
        const count = await retry.once(
          id,
          async () => {
            if (state === null || input === null) return raw.write((table) => swapSql(table, expected, row));
            return (await instances.updateMany({ where: { id, AND: [guard], state: { equals: state } }, data: input.update })).count;
          },
          signal,
        );
        if (count === null) throw notKept(input === null ? row.stateText : expectedText);
        if (count === 0) await rejectLostDigits(connection, expected, () => rows.find(id));
        return count > 0;
      } catch (error) {
        if (!isTransaction(client) || !isWriteConflict(error)) throw error;
        throw conflictWithin(id, error);
      }
    },

    async delete(id) {
      const { count } = await retry.write([id], () => instances.deleteMany({ where: { id } }));
      return count;
    },

    deleteSome: (selection, limit) =>
      retry.read(async () => (await raw.deleteSome(selection, limit)) ?? deleteSomeByVerbs(instances, selection, limit)),
  };
  return rows;
}

/** Prisma has no verb for containment that an index serves. */
function needsRawSql({ contains }: Selection): boolean {
  return contains.length > 0;
}

/** What Prisma's verbs take of a page. */
function verbsOf({ orderBy, take }: Page): Pick<Page, "orderBy" | "take"> {
  return take === undefined ? { orderBy } : { orderBy, take };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}
