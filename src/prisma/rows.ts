import { COLUMNS, type Connection, SUMMARY_COLUMNS } from "./client.js";
import type { Page, Selection } from "../storage/selection.js";
import { countBySql, countSql, pageSql, type Sql } from "../postgres/select.js";
import { noTable, tableOf } from "./table.js";
import type { InstanceRow, SummaryRow } from "../serialization/row.js";
import type { CountColumn } from "../storage/options.js";

/** The rows of a selection, whole. */
export function findRows(connection: Connection, selection: Selection, page: Page): PromiseLike<InstanceRow[]> {
  if (selection.contains.length > 0) return query<InstanceRow>(connection, (table) => pageSql(table, selection, COLUMNS, page));
  return connection.instances.findMany({ where: selection.where, select: COLUMNS, ...verbsOf(page) });
}

/** The rows of a selection, without their state. */
export function findSummaries(connection: Connection, selection: Selection, page: Page): PromiseLike<SummaryRow[]> {
  if (selection.contains.length > 0) return query<SummaryRow>(connection, (table) => pageSql(table, selection, SUMMARY_COLUMNS, page));
  return connection.instances.findMany({ where: selection.where, select: SUMMARY_COLUMNS, ...verbsOf(page) });
}

/** How many rows a selection has. */
export async function countRows(connection: Connection, selection: Selection): Promise<number> {
  if (selection.contains.length === 0) return connection.instances.count({ where: selection.where });
  const [row] = await query<{ count: number }>(connection, (table) => countSql(table, selection));
  return row?.count ?? 0;
}

/** How many rows a selection has for each value of a column. */
export async function countRowsBy(connection: Connection, selection: Selection, by: CountColumn): Promise<[string | number, number][]> {
  if (selection.contains.length > 0) {
    const rows = await query<{ value: string | number; count: number }>(connection, (table) => countBySql(table, selection, by));
    return rows.map(({ value, count }) => [value, count]);
  }
  const groups = await connection.instances.groupBy({ by: [by], where: selection.where, _count: { _all: true } });
  return groups.map((group) => [group[by] ?? "", group._count._all]);
}

async function query<Row>(connection: Connection, statement: (table: string) => Sql): Promise<Row[]> {
  const { client } = connection;
  const table = await tableOf(connection);
  if (table === null || client.$queryRawUnsafe === undefined) throw noTable(connection, "stateContains and contextContains need");
  const { text, values } = statement(table);
  return client.$queryRawUnsafe<Row[]>(text, ...values);
}

/** What Prisma's verbs take of a page. */
function verbsOf({ orderBy, take }: Page): Pick<Page, "orderBy" | "take"> {
  return take === undefined ? { orderBy } : { orderBy, take };
}
