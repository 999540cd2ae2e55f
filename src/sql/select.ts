import { COLUMNS, selectList, TEXT_FIELDS } from "./columns.js";
import type { Page, Selection } from "../storage/selection.js";
import { sqlWhere } from "./where.js";
import type { CountColumn } from "../storage/options.js";

/** A statement, and its parameters. */
export interface Sql {
  readonly text: string;
  readonly values: unknown[];
}

/** A page of a selection. */
export function pageSql(
  table: string,
  selection: Selection,
  fields: Parameters<typeof selectList>[0],
  { orderBy, take, crowded = false }: Page,
): Sql {
  const values: unknown[] = [];
  const order = orderBy
    .flatMap((one) => Object.entries(one).map(([name, direction]) => `${COLUMNS[name as keyof typeof COLUMNS]} ${direction}`))
    .join(", ");
  const select = selectList(fields);
  if (take === undefined || selection.contains.length === 0) {
    const limit = take === undefined ? "" : ` LIMIT ${take}`;
    return { text: `SELECT ${select} FROM ${table} WHERE ${sqlWhere(selection, values)} ORDER BY ${order}${limit}`, values };
  }
  const page = (crowded ? crowdedPage : sparsePage)(table, selection, order, take, values);
  return { text: `WITH ${page} SELECT ${select} FROM ${table} WHERE id IN (SELECT id FROM page) ORDER BY ${order}`, values };
}

const KEYS = "id, inserted_at, updated_at";

/**
 * PostgreSQL can't know how rare it is that a state contains something, and with a LIMIT it would rather walk the table
 * in the order of the page: 4.5 seconds for 20 of a million rows. So it first finds what matches, by the GIN index, then
 * which of these are the page.
 */
function sparsePage(table: string, selection: Selection, order: string, take: number, values: unknown[]): string {
  return `
    matching AS MATERIALIZED (SELECT ${KEYS} FROM ${table} WHERE ${sqlWhere(selection, values)}),
    page AS MATERIALIZED (SELECT id FROM matching ORDER BY ${order} LIMIT ${take})`;
}

// Of what a page walks past, so many times its size: from 2 in 100 on, it finds a page there.
const WALK = 50;

/**
 * If many match, finding them all for each page takes longer the more there are: a second for a tenth of a million. So it
 * walks some way in the order of the page, and finds all only if that gave no full page.
 */
function crowdedPage(table: string, selection: Selection, order: string, take: number, values: unknown[]): string {
  const where = sqlWhere({ ...selection, contains: [] }, values);
  const contains = sqlWhere({ where: {}, contains: selection.contains }, values);
  return `
    walked AS MATERIALIZED (SELECT ${KEYS}, ${contains} AS matches FROM ${table} WHERE ${where} ORDER BY ${order} LIMIT ${WALK * take}),
    near AS MATERIALIZED (SELECT ${KEYS} FROM walked WHERE matches ORDER BY ${order} LIMIT ${take}),
    enough AS MATERIALIZED (SELECT (SELECT count(*) FROM near) = ${take} OR (SELECT count(*) FROM walked) < ${WALK * take} AS yes),
    matching AS MATERIALIZED (SELECT ${KEYS} FROM ${table} WHERE NOT (SELECT yes FROM enough) AND ${where} AND ${contains}),
    page AS MATERIALIZED (
      SELECT id FROM (SELECT * FROM near WHERE (SELECT yes FROM enough) UNION ALL SELECT * FROM matching) AS found
      ORDER BY ${order} LIMIT ${take})`;
}

/**
 * The rows with these ids, with the texts of their states if a number in them may hold more digits than a double: those
 * of 15 digits always fit, and PostgreSQL prints no exponents. Else with null, for a text is as large as its state.
 */
export function textsSql(table: string, ids: readonly string[]): Sql {
  const text = `CASE WHEN ${COLUMNS.state}::text ~ '[0-9.]{16}' THEN ${COLUMNS.state}::text END AS "stateText"`;
  return { text: `SELECT ${selectList(COLUMN_FIELDS)}, ${text} FROM ${table} WHERE id = ANY($1::text[])`, values: [ids] };
}

const COLUMN_FIELDS = TEXT_FIELDS.filter((field) => field !== "stateText");

/** The row with the id `$1`. */
export function findText(table: string, fields: Parameters<typeof selectList>[0]): string {
  return `SELECT ${selectList(fields)} FROM ${table} WHERE id = $1`;
}

/** The number of rows of a selection, as `count`. */
export function countSql(table: string, selection: Selection): Sql {
  const values: unknown[] = [];
  const where = sqlWhere(selection, values);
  return { text: `SELECT count(*)::float8 AS count FROM ${table} WHERE ${where}`, values };
}

/** The number of rows of a selection for each value of a column, as `value` and `count`. */
export function countBySql(table: string, selection: Selection, by: CountColumn): Sql {
  const values: unknown[] = [];
  const where = sqlWhere(selection, values);
  const column = COLUMNS[by];
  return { text: `SELECT ${column} AS value, count(*)::float8 AS count FROM ${table} WHERE ${where} GROUP BY ${column}`, values };
}
