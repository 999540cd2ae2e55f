import { isWriteConflict } from "../sql/faults.js";
import type { ParsedRow, SummaryRow } from "../state/row.js";
import type { RowStore } from "../storage/row-store.js";
import { NO_VERB, type Page } from "../storage/selection.js";
import { conflictWithin, guardOf } from "../storage/swap.js";
import { type InstanceDelegate, isTransaction, type RawClient, ROW, SUMMARY, transact } from "./client.js";
import { modelOf } from "./model.js";
import { inputOf, stateInput } from "./state-input.js";

/** The rows of a client's model, by Prisma's verbs and nothing else. The model is read from the client at each call. */
export function createPrismaRows(client: RawClient, model: string, timeoutMs: number | undefined): RowStore {
  const instances = (): InstanceDelegate => modelOf(client, model);

  return {
    isInTransaction: () => isTransaction(client),

    looksIntoStates: false,

    locks: NO_VERB,

    async find(id) {
      const row = await instances().findUnique({ where: { id }, select: ROW });
      return row === null ? null : toRow(row);
    },

    async findMany({ where }, page) {
      return (await instances().findMany({ where, select: ROW, ...verbsOf(page) })).map(toRow);
    },

    async findSummaries({ where }, page) {
      return (await instances().findMany({ where, select: SUMMARY, ...verbsOf(page) })).map(toSummaryRow);
    },

    count: async ({ where }) => instances().count({ where }),

    async countBy({ where }, by) {
      const counts = await instances().groupBy({ by: [by], where, _count: { _all: true } });
      return counts.map(({ [by]: value = "", _count }) => [value, _count._all]);
    },

    // Without `select`, the whole state would come back. Prisma returns null for a row that the database has suppressed.
    upsert: async (row) => ((await instances().upsert({ where: { id: row.id }, ...inputOf(row), select: ID })) === null ? 0 : 1),

    async upsertMany(rows) {
      const upserts = rows.map((row) => ({ where: { id: row.id }, ...inputOf(row), select: ID }));
      const stored = await transact(client, upserts.map((upsert) => () => instances().upsert(upsert)), timeoutMs); // prettier-ignore
      return stored.filter((row) => row !== null).length;
    },

    // In a transaction, a taken id doesn't abort it.
    insert: async (row) => (await instances().createMany({ data: [inputOf(row).create], skipDuplicates: true })).count > 0,

    // One guarded UPDATE, which needs no column of its own.
    async swap(expected, row) {
      stateInput(expected.stateText); // rejects what could not be compared
      try {
        return (await instances().updateMany({ where: guardOf(expected), data: inputOf(row).update })).count > 0;
      } catch (error) {
        throw isTransaction(client) && isWriteConflict(error) ? conflictWithin(expected.id, error) : error;
      }
    },

    delete: async (id) => (await instances().deleteMany({ where: { id } })).count,

    async deleteSome({ where }, limit, after) {
      const rest = after === null ? where : { AND: [where, { id: { gt: after } }] };
      const found = await instances().findMany({ where: rest, select: ID, orderBy: after === null ? [] : [{ id: "asc" }], take: limit });
      const ids = found.map(({ id = "" }) => id);
      const { count: deleted } = await instances().deleteMany({ where: { AND: [where, { id: { in: ids } }] } });
      return { deleted, last: ids.length < limit ? null : (ids.at(-1) ?? null) };
    },
  };
}

const ID = { id: true } as const;

/** What Prisma's verbs take of a page. */
function verbsOf({ orderBy, take }: Page): Pick<Page, "orderBy" | "take"> {
  return take === undefined ? { orderBy } : { orderBy, take };
}

// A client may omit columns, and a mock may return none: what is missing is no instance's.
const NOTHING = { id: "", workflow: "", workflowVersion: 0, status: "" };

function toRow(row: Partial<ParsedRow>): ParsedRow {
  return { ...NOTHING, state: null, ...row };
}

function toSummaryRow(row: Partial<SummaryRow>): SummaryRow {
  return { ...NOTHING, insertedAt: new Date(NaN), updatedAt: new Date(NaN), ...row };
}
