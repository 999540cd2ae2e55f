import type { CountColumn, InstanceOrder, InstanceRow, SummaryRow } from "./client.js";
import type { Selection } from "./filter.js";
import { sqlWhere } from "./sql-where.js";

/** Which of the rows that match, and in what order. */
export interface Page {
  readonly orderBy: InstanceOrder[];
  /** How many at the most; all where it is left out. */
  readonly take?: number;
}

/** A statement, and its parameters. */
export interface Sql {
  readonly text: string;
  readonly values: unknown[];
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

/**
 * A page of a selection. PostgreSQL can't know how rare it is that a state contains something, and with a LIMIT it
 * would rather walk the table in the order of the page: 4.5 seconds for 20 of a million rows. So it first finds what
 * matches, by the GIN index, then which of these are the page, and then reads those.
 */
export function pageSql(table: string, selection: Selection, columns: object, { orderBy, take }: Page): Sql {
  const values: unknown[] = [];
  const where = sqlWhere(selection, values);
  const order = orderBy
    .flatMap((one) => Object.entries(one).map(([name, direction]) => `${SQL_COLUMNS[name as keyof typeof SQL_COLUMNS]} ${direction}`))
    .join(", ");
  const select = Object.entries(SQL_COLUMNS)
    .filter(([name]) => name in columns)
    .map(([name, column]) => `${column} AS "${name}"`)
    .join(", ");
  const limit = take === undefined ? "" : ` LIMIT ${take}`;
  if (limit === "" || selection.contains.length === 0)
    return { text: `SELECT ${select} FROM ${table} WHERE ${where} ORDER BY ${order}${limit}`, values };
  const text = `
    WITH matching AS MATERIALIZED (SELECT id, inserted_at, updated_at FROM ${table} WHERE ${where}),
         page AS MATERIALIZED (SELECT id FROM matching ORDER BY ${order}${limit})
    SELECT ${select} FROM ${table} WHERE id IN (SELECT id FROM page) ORDER BY ${order}`;
  return { text, values };
}

/** How many rows a selection has, as `count`. */
export function countSql(table: string, selection: Selection): Sql {
  const values: unknown[] = [];
  const where = sqlWhere(selection, values);
  return { text: `SELECT count(*)::float8 AS count FROM ${table} WHERE ${where}`, values };
}

/** How many rows a selection has for each value of a column, as `value` and `count`. */
export function countBySql(table: string, selection: Selection, by: CountColumn): Sql {
  const values: unknown[] = [];
  const where = sqlWhere(selection, values);
  const column = SQL_COLUMNS[by];
  return { text: `SELECT ${column} AS value, count(*)::float8 AS count FROM ${table} WHERE ${where} GROUP BY ${column}`, values };
}
