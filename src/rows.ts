import {
  COLUMNS,
  type Connection,
  type CountColumn,
  type InstanceOrder,
  type InstanceRow,
  SUMMARY_COLUMNS,
  type SummaryRow,
} from "./client.js";
import { InvalidClientError } from "./errors.js";
import type { Selection } from "./filter.js";
import { sqlWhere } from "./sql-where.js";
import { tableOf } from "./table.js";

/** Which of the rows that match, and in what order. */
export interface Page {
  readonly orderBy: InstanceOrder[];
  /** How many at the most; all where it is left out. */
  readonly take?: number;
}

// As SQL says them, under the names that Prisma has for them.
const SQL_COLUMNS: Readonly<Record<keyof (InstanceRow & SummaryRow), string>> = {
  id: "id",
  workflow: "workflow",
  workflowVersion: "workflow_version",
  status: "status",
  state: "state",
  insertedAt: "inserted_at",
  updatedAt: "updated_at",
};

/** The rows of a selection, whole. */
export function findRows(connection: Connection, selection: Selection, page: Page): PromiseLike<InstanceRow[]> {
  if (selection.contains.length > 0) return query<InstanceRow>(connection, selection, pageOf(COLUMNS, page));
  return connection.client.workflowInstance.findMany({ where: selection.where, select: COLUMNS, ...page });
}

/** The rows of a selection, without their state. */
export function findSummaries(connection: Connection, selection: Selection, page: Page): PromiseLike<SummaryRow[]> {
  if (selection.contains.length > 0) return query<SummaryRow>(connection, selection, pageOf(SUMMARY_COLUMNS, page));
  return connection.client.workflowInstance.findMany({ where: selection.where, select: SUMMARY_COLUMNS, ...page });
}

/** How many rows a selection has. */
export async function countRows(connection: Connection, selection: Selection): Promise<number> {
  if (selection.contains.length === 0) return connection.client.workflowInstance.count({ where: selection.where });
  const [row] = await query<{ count: number }>(
    connection,
    selection,
    (table, where) => `SELECT count(*)::float8 AS count FROM ${table} WHERE ${where}`,
  );
  return row?.count ?? 0;
}

/** How many rows a selection has for each value of a column. */
export async function countRowsBy(connection: Connection, selection: Selection, by: CountColumn): Promise<[string | number, number][]> {
  if (selection.contains.length > 0) {
    const column = SQL_COLUMNS[by];
    const rows = await query<{ value: string | number; count: number }>(
      connection,
      selection,
      (table, where) => `SELECT ${column} AS value, count(*)::float8 AS count FROM ${table} WHERE ${where} GROUP BY ${column}`,
    );
    return rows.map(({ value, count }) => [value, count]);
  }
  const groups = await connection.client.workflowInstance.groupBy({ by: [by], where: selection.where, _count: { _all: true } });
  return groups.map((group) => [group[by] ?? "", group._count._all]);
}

type Statement = (table: string, where: string) => string;

async function query<Row>(connection: Connection, selection: Selection, statement: Statement): Promise<Row[]> {
  const { client } = connection;
  const table = await tableOf(connection);
  if (table === null || client.$queryRawUnsafe === undefined)
    throw new InvalidClientError("stateContains and contextContains need a client with raw SQL: $queryRawUnsafe and $transaction");
  const parameters: unknown[] = [];
  const where = sqlWhere(selection, parameters);
  return client.$queryRawUnsafe<Row[]>(statement(table, where), ...parameters);
}

/**
 * A page of what contains something. PostgreSQL can't know how rare that is, and with a LIMIT it would rather walk the
 * table in the order of the page: 4.5 seconds for 20 of a million rows. So it first finds what matches, by the GIN
 * index, then which of these are the page, and then reads those.
 */
function pageOf(columns: object, { orderBy, take }: Page): Statement {
  const order = orderBy
    .flatMap((one) => Object.entries(one).map(([name, direction]) => `${SQL_COLUMNS[name as keyof typeof SQL_COLUMNS]} ${direction}`))
    .join(", ");
  const select = Object.entries(SQL_COLUMNS)
    .filter(([name]) => name in columns)
    .map(([name, column]) => `${column} AS "${name}"`)
    .join(", ");
  if (take === undefined) return (table, where) => `SELECT ${select} FROM ${table} WHERE ${where} ORDER BY ${order}`;
  return (table, where) => `
    WITH matching AS MATERIALIZED (SELECT id, inserted_at, updated_at FROM ${table} WHERE ${where}),
         page AS MATERIALIZED (SELECT id FROM matching ORDER BY ${order} LIMIT ${take})
    SELECT ${select} FROM ${table} WHERE id IN (SELECT id FROM page) ORDER BY ${order}`;
}
