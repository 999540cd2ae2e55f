import { SUMMARY_FIELDS, TEXT_FIELDS } from "../postgres/columns.js";
import { deleteSomeSql } from "../postgres/delete.js";
import { countBySql, countSql, pageSql, type Sql, textsSql } from "../postgres/select.js";
import type { SummaryRow, TextRow } from "../serialization/row.js";
import type { DeletedRows, RowStore } from "../storage/row-store.js";
import type { Connection } from "./client.js";
import { noTable, tableOf } from "./table.js";

/** What Prisma has no verb for, as raw SQL. */
export interface RawRows extends Pick<RowStore, "findSummaries" | "count" | "countBy" | "deleteSome"> {
  findMany(...args: Parameters<RowStore["findMany"]>): Promise<TextRow[]>;
  /** Returns the rows with these ids and the texts of their states; `null` if raw SQL can't reach the table. */
  findTexts(ids: readonly string[]): Promise<TextRow[] | null>;
}

export function createRawRows(connection: Connection): RawRows {
  const { client } = connection;

  /** @throws {InvalidClientError} if raw SQL can't reach the table. */
  const query = async <Row>(statement: (table: string) => Sql): Promise<Row[]> => {
    const table = await tableOf(connection);
    if (table === null || client.$queryRawUnsafe === undefined) throw noTable(connection, "stateContains and contextContains need");
    const { text, values } = statement(table);
    return client.$queryRawUnsafe<Row[]>(text, ...values);
  };

  return {
    findMany: (selection, page) => query<TextRow>((table) => pageSql(table, selection, TEXT_FIELDS, page)),

    findSummaries: (selection, page) => query<SummaryRow>((table) => pageSql(table, selection, SUMMARY_FIELDS, page)),

    async findTexts(ids) {
      const table = await tableOf(connection);
      if (table === null || client.$queryRawUnsafe === undefined) return null;
      const { text, values } = textsSql(table, ids);
      return client.$queryRawUnsafe<TextRow[]>(text, ...values);
    },

    async count(selection) {
      const [row] = await query<{ count: number }>((table) => countSql(table, selection));
      return row?.count ?? 0;
    },

    async countBy(selection, column) {
      const rows = await query<{ value: string | number; count: number }>((table) => countBySql(table, selection, column));
      return rows.map(({ value, count }) => [value, count]);
    },

    async deleteSome(selection, limit): Promise<DeletedRows> {
      const table = await tableOf(connection);
      if (table === null || client.$executeRawUnsafe === undefined) throw noTable(connection, "prune needs");
      const { text, values } = deleteSomeSql(table, selection, limit);
      const deleted = await client.$executeRawUnsafe(text, ...values);
      return { deleted, more: deleted === limit };
    },
  };
}
