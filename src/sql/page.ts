import type { Page, Selection } from "../storage/selection.js";
import { COLUMNS, SUMMARY } from "./columns.js";
import type { SqlStatement, SqlValue } from "./sql-client.js";
import { sqlWhere } from "./where.js";

/** A page of a selection, of which a list of columns is selected. */
export function pageStatement(table: string, selection: Selection, columns: string, page: Page): SqlStatement {
  const { orderBy, take, crowded = false } = page;
  const values: SqlValue[] = [];
  const order = orderBy
    .flatMap((one) => Object.entries(one).map(([name, direction]) => `${COLUMNS[name as keyof typeof COLUMNS]} ${direction}`))
    .join(", ");
  if (take === undefined || selection.contains.length === 0) {
    const limit = take === undefined ? "" : ` LIMIT ${take}`;
    const page = `FROM ${table} WHERE ${sqlWhere(selection, values)} ORDER BY ${order}${limit}`;
    // Without good statistics, PostgreSQL sorts all that matches, instead of walking an index. It would first cast all states.
    return {
      text: columns === SUMMARY ? `SELECT ${columns} ${page}` : `SELECT ${columns} FROM (SELECT * ${page}) AS page ORDER BY ${order}`,
      values,
    };
  }
  const ids = (crowded ? crowdedPage : sparsePage)(table, selection, order, take, values);
  return { text: `WITH ${ids} SELECT ${columns} FROM ${table} WHERE id IN (SELECT id FROM page) ORDER BY ${order}`, values };
}

const KEYS = "id, inserted_at, updated_at";

/**
 * PostgreSQL can't know how rare it is that a state contains something, and with a LIMIT it would rather walk the table
 * in the order of the page: 4.5 seconds for 20 of a million rows. So it first finds what matches, by the GIN index, then
 * which of these are the page.
 */
function sparsePage(table: string, selection: Selection, order: string, take: number, values: SqlValue[]): string {
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
function crowdedPage(table: string, selection: Selection, order: string, take: number, values: SqlValue[]): string {
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
