import { SUMMARY_FIELDS, TEXT_FIELDS } from "../sql/columns.js";
import { cannotLockRows, deleteSomeSql } from "../sql/delete.js";
import { deleteInTwo, type TwoStatements } from "../sql/delete-in-two.js";
import { countBySql, countSql, pageSql, type Sql, textsSql } from "../sql/select.js";
import type { SummaryRow, TextRow } from "../state/row.js";
import type { DeletedRows, RowStore } from "../storage/row-store.js";
import type { Selection } from "../storage/selection.js";
import { batched } from "./batched.js";
import { type Connection, isTransaction } from "./client.js";
import type { Table } from "./look-up.js";
import { rawTable, rawTableIfAny } from "./table.js";

/** What Prisma has no verb for, as raw SQL. */
export interface RawRows extends Pick<RowStore, "findSummaries" | "count" | "countBy"> {
  findMany(...args: Parameters<RowStore["findMany"]>): Promise<TextRow[]>;
  /** Returns the rows with these ids, and maybe others, with the texts of their states; `null` if raw SQL can't reach the table. */
  findTexts(ids: readonly string[]): Promise<TextRow[] | null>;
  /** Writes, and returns how many rows were written; `null` if raw SQL can't reach the table. */
  write(statement: (table: string) => Sql): Promise<number | null>;
  /** Deletes some rows; `null` if raw SQL can't reach the table, unless only raw SQL can say what to delete. */
  deleteSome(selection: Selection, limit: number): Promise<DeletedRows | null>;
}

// The tables on whose server rows of several nodes can't be locked.
const withoutLocks = new WeakSet<Table>();

export function createRawRows(connection: Connection): RawRows {
  const { client } = connection;

  const send = async <Row>({ text, values }: Sql): Promise<Row[]> => (await client.$queryRawUnsafe?.<Row[]>(text, ...values)) ?? [];
  const change = async ({ text, values }: Sql): Promise<number> => (await client.$executeRawUnsafe?.(text, ...values)) ?? 0;

  /** @throws {InvalidClientError} if raw SQL can't reach the table. */
  const query = async <Row>(statement: (table: string) => Sql): Promise<Row[]> =>
    send(statement((await rawTable(connection, CONTAINMENT)).name));

  const texts = async (ids: readonly string[]): Promise<TextRow[] | null> => {
    const { table } = await rawTableIfAny(connection);
    return table === null ? null : send<TextRow>(textsSql(table.name, ids));
  };
  const textsTogether = batched(texts);

  const statements: TwoStatements = { select: (statement) => send<{ id: string }>(statement), delete: change };

  return {
    findMany: (selection, page) => query<TextRow>((table) => pageSql(table, selection, TEXT_FIELDS, page)),

    findSummaries: (selection, page) => query<SummaryRow>((table) => pageSql(table, selection, SUMMARY_FIELDS, page)),

    findTexts: (ids) => (ids.length === 1 ? textsTogether(ids) : texts(ids)),

    async count(selection) {
      const [row] = await query<{ count: number }>((table) => countSql(table, selection));
      return row?.count ?? 0;
    },

    async countBy(selection, column) {
      const rows = await query<{ value: string | number; count: number }>((table) => countBySql(table, selection, column));
      return rows.map(({ value, count }) => [value, count]);
    },

    async write(statement) {
      const { table } = await rawTableIfAny(connection);
      return table === null ? null : change(statement(table.name));
    },

    async deleteSome(selection, limit) {
      const { table } =
        selection.contains.length > 0 ? { table: await rawTable(connection, CONTAINMENT) } : await rawTableIfAny(connection);
      if (table === null) return null;
      if (table.distributed || withoutLocks.has(table)) return deleteInTwo(statements, table.name, selection, limit);
      try {
        const deleted = await change(deleteSomeSql(table.name, selection, limit));
        return { deleted, more: deleted === limit };
      } catch (error) {
        if (isTransaction(client) || !cannotLockRows(error)) throw error;
        withoutLocks.add(table);
        return deleteInTwo(statements, table.name, selection, limit);
      }
    },
  };
}

const CONTAINMENT = "stateContains and contextContains need";
