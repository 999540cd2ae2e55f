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
  if (selection.contains.length > 0) return query<InstanceRow>(connection, selection, selectOf(COLUMNS), tailOf(page));
  return connection.client.workflowInstance.findMany({ where: selection.where, select: COLUMNS, ...page });
}

/** The rows of a selection, without their state. */
export function findSummaries(connection: Connection, selection: Selection, page: Page): PromiseLike<SummaryRow[]> {
  if (selection.contains.length > 0) return query<SummaryRow>(connection, selection, selectOf(SUMMARY_COLUMNS), tailOf(page));
  return connection.client.workflowInstance.findMany({ where: selection.where, select: SUMMARY_COLUMNS, ...page });
}

/** How many rows a selection has. */
export async function countRows(connection: Connection, selection: Selection): Promise<number> {
  if (selection.contains.length === 0) return connection.client.workflowInstance.count({ where: selection.where });
  const [row] = await query<{ count: number }>(connection, selection, "count(*)::float8 AS count", "");
  return row?.count ?? 0;
}

/** How many rows a selection has for each value of a column. */
export async function countRowsBy(connection: Connection, selection: Selection, by: CountColumn): Promise<[string | number, number][]> {
  if (selection.contains.length > 0) {
    const column = SQL_COLUMNS[by];
    const rows = await query<{ value: string | number; count: number }>(
      connection,
      selection,
      `${column} AS value, count(*)::float8 AS count`,
      `GROUP BY ${column}`,
    );
    return rows.map(({ value, count }) => [value, count]);
  }
  const groups = await connection.client.workflowInstance.groupBy({ by: [by], where: selection.where, _count: { _all: true } });
  return groups.map((group) => [group[by] ?? "", group._count._all]);
}

async function query<Row>(connection: Connection, selection: Selection, select: string, tail: string): Promise<Row[]> {
  const { client } = connection;
  const table = await tableOf(connection);
  if (table === null || client.$queryRawUnsafe === undefined)
    throw new InvalidClientError("stateContains and contextContains need a client with raw SQL: $queryRawUnsafe and $transaction");
  const parameters: unknown[] = [];
  const where = sqlWhere(selection, parameters);
  return client.$queryRawUnsafe<Row[]>(`SELECT ${select} FROM ${table} WHERE ${where} ${tail}`, ...parameters);
}

function selectOf(columns: object): string {
  return Object.entries(SQL_COLUMNS)
    .filter(([name]) => name in columns)
    .map(([name, column]) => `${column} AS "${name}"`)
    .join(", ");
}

function tailOf({ orderBy, take }: Page): string {
  const order = orderBy.flatMap((one) =>
    Object.entries(one).map(([name, direction]) => `${SQL_COLUMNS[name as keyof typeof SQL_COLUMNS]} ${direction}`),
  );
  return `ORDER BY ${order.join(", ")}${take === undefined ? "" : ` LIMIT ${take}`}`;
}
