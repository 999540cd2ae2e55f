import { SUMMARY_MS_FIELDS, TEXT_FIELDS } from "../sql/columns.js";
import { checkStored } from "../sql/check-stored.js";
import { cannotLockRows, deleteSomeSql, deleteText } from "../sql/delete.js";
import { deleteInTwo, type TwoStatements } from "../sql/delete-in-two.js";
import { insertSql } from "../sql/insert.js";
import type { Retry } from "../storage/retry.js";
import { countBySql, countSql, findText, pageSql } from "../sql/select.js";
import { conflictWithin, swapSql } from "../sql/swap.js";
import { isWriteConflict } from "../sql/faults.js";
import { upsertSql } from "../sql/upsert.js";
import type { CheckedRow, SummaryRow, TextRow } from "../state/row.js";
import type { DeletedRows, RowStore } from "../storage/row-store.js";
import type { PgConnection } from "./pg-connection.js";

/** Rows behind `pg`. The text of their state has every digit. */
export interface PgRows extends RowStore {
  find(id: string, signal?: AbortSignal): Promise<TextRow | null>;
  findMany(...args: Parameters<RowStore["findMany"]>): Promise<TextRow[]>;
  /** Returns the row with this id and its times, or `null`. */
  findWhole(id: string): Promise<WholeRow | null>;
}

/** All columns of a row. */
export interface WholeRow extends SummaryRow {
  readonly stateText: string;
}

const COUNT_CITUS = "SELECT count(*) FROM pg_extension WHERE extname = 'citus'";

/** The rows of a table behind `pg`: every statement that is sent to it. */
export function createPgRows(table: string, connection: PgConnection, retry: Retry): PgRows {
  const { send, sendAll, isTransaction } = connection;
  const FIND = findText(table, TEXT_FIELDS);
  const FIND_WHOLE = findText(table, [...SUMMARY_MS_FIELDS, "stateText"]);
  const DELETE = deleteText(table);

  let canLockRows = true;
  const statements: TwoStatements = {
    select: async (statement) => (await send<{ id: string }>(statement, "unnamed")).rows,
    delete: async (statement) => (await send(statement, "unnamed")).rowCount ?? 0,
  };

  // Asked once, and only a reply is kept: a question that hangs must not be shared.
  let distributed: boolean | undefined;
  const isDistributed = async (): Promise<boolean> =>
    (distributed ??= (await send<{ count: Received }>({ text: COUNT_CITUS, values: [] }, "unnamed")).rows[0]?.count === "1");

  const upsertMany = async (rows: readonly CheckedRow[]): Promise<void> => {
    const ids = rows.map(({ id }) => id);
    const upsert = async (): Promise<number> => sendAll(upsertSql(table, rows, rows.length > 1 && (await isDistributed())));
    checkStored(ids, await retry.write(ids, upsert));
  };

  return {
    async find(id, signal) {
      const { rows } = await retry.read(() => send<ReceivedText>({ text: FIND, values: [id] }), signal);
      return rows[0] === undefined ? null : toTextRow(rows[0]);
    },

    async findWhole(id) {
      const { rows } = await retry.read(() => send<ReceivedText & ReceivedSummary>({ text: FIND_WHOLE, values: [id] }));
      return rows[0] === undefined ? null : { ...toSummaryRow(rows[0]), ...toTextRow(rows[0]) };
    },

    async findMany(selection, page) {
      const { rows } = await retry.read(() => send<ReceivedText>(pageSql(table, selection, TEXT_FIELDS, page), "unnamed"));
      return rows.map(toTextRow);
    },

    async findSummaries(selection, page) {
      const statement = pageSql(table, selection, SUMMARY_MS_FIELDS, page);
      const { rows } = await retry.read(() => send<ReceivedSummary>(statement, "unnamed"));
      return rows.map(toSummaryRow);
    },

    async count(selection) {
      const { rows } = await retry.read(() => send<{ count: Received }>(countSql(table, selection), "unnamed"));
      return Number(rows[0]?.count);
    },

    async countBy(selection, column) {
      const statement = countBySql(table, selection, column);
      const { rows } = await retry.read(() => send<{ value: Received; count: Received }>(statement, "unnamed"));
      return rows.map(({ value, count }) => [column === "workflowVersion" ? Number(value) : value, Number(count)]);
    },

    upsert: (row) => upsertMany([row]),

    upsertMany,

    async insert(row) {
      const { rowCount } = await retry.once(row.id, () => send(insertSql(table, row)));
      return rowCount === 1;
    },

    async swap(expected, row, signal) {
      const { id } = expected;
      try {
        const { rowCount } = await retry.once(id, () => send(swapSql(table, expected, row)), signal);
        return rowCount === 1;
      } catch (error) {
        if (!isTransaction || !isWriteConflict(error)) throw error;
        throw conflictWithin(id, error);
      }
    },

    async delete(id) {
      const { rowCount } = await retry.write([id], () => send({ text: DELETE, values: [id] }));
      return rowCount ?? 0;
    },

    async deleteSome(selection, limit) {
      const inTwo = (): Promise<DeletedRows> => retry.read(() => deleteInTwo(statements, table, selection, limit));
      if (!canLockRows) return inTwo();
      try {
        const { rowCount } = await retry.read(() => send(deleteSomeSql(table, selection, limit), "unnamed"));
        return { deleted: rowCount ?? 0, more: rowCount === limit };
      } catch (error) {
        if (isTransaction || !cannotLockRows(error)) throw error;
        canLockRows = false; // a distributed table
        return inTwo();
      }
    },
  };
}

/** A value as it arrives: text, whatever parsers this process has. A driver of another make may have parsed it already. */
type Received = string;

type ReceivedText = Readonly<Record<Exclude<(typeof TEXT_FIELDS)[number], "stateText">, Received>> & {
  readonly stateText: Received | null;
};
type ReceivedSummary = Readonly<Record<(typeof SUMMARY_MS_FIELDS)[number], Received>>;

/** A state that is NULL, which the migrations' table rules out, is not an instance: read as JSON's `null`, it is rejected. */
function toTextRow({ id, workflow, workflowVersion, status, stateText }: ReceivedText): CheckedRow {
  return { id, workflow, workflowVersion: Number(workflowVersion), status, stateText: stateText ?? "null" };
}

/** A time that no Date can hold, such as `infinity`, is an invalid one. */
function toSummaryRow({ id, workflow, workflowVersion, status, insertedMs, updatedMs }: ReceivedSummary): SummaryRow {
  const [insertedAt, updatedAt] = [new Date(Number(insertedMs)), new Date(Number(updatedMs))];
  return { id, workflow, workflowVersion: Number(workflowVersion), status, insertedAt, updatedAt };
}
