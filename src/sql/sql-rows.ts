import { byteLength } from "../runtime/byte-length.js";
import { parsePlain } from "../state/exact-json.js";
import type { SummaryRow, TextRow } from "../state/row.js";
import type { RowStore } from "../storage/row-store.js";
import { conflictWithin } from "../storage/swap.js";
import { COLUMNS, ROW, SUMMARY, toSummaryRow, toTextRow, WHOLE_ROW } from "./columns.js";
import { isWriteConflict } from "./faults.js";
import { pageStatement } from "./page.js";
import { createDeleteBatch } from "./prune-batch.js";
import { createRowLocks } from "./row-locks.js";
import type { SqlClient, SqlStatement, SqlValue } from "./sql-client.js";
import { chunks, insertText, insertValues, upsertText } from "./upsert.js";
import { sqlArray, sqlTimestamp, sqlWhere } from "./where.js";

/** Rows by SQL, with the text of their states. */
export interface SqlRows extends RowStore {
  findMany(...args: Parameters<RowStore["findMany"]>): Promise<readonly TextRow[]>;
  /** Returns the row with this id and its times, or `null`. */
  findWhole(id: string): Promise<(TextRow & SummaryRow) | null>;
}

/** The rows of a table: every statement that is sent to it. */
export function createSqlRows(client: SqlClient, table: string): SqlRows {
  // Named are those that have one plan for all parameters.
  const named = (verb: string, text: string): ((values: readonly SqlValue[]) => SqlStatement) => {
    const name = `hephaestus ${verb} ${table}`;
    return byteLength(name) <= MAX_NAME ? (values) => ({ name, text, values }) : (values) => ({ text, values });
  };

  const FIND = named("get", `SELECT ${ROW} FROM ${table} WHERE id = $1::text`);
  const FIND_MANY = named("get many", `SELECT ${ROW} FROM ${table} WHERE id = ANY($1::text::text[])`);
  const INSERT = named("insert", `${insertText(table, 1)} ON CONFLICT (id) DO NOTHING`);
  const DELETE = named("delete", `DELETE FROM ${table} WHERE id = $1::text`);

  // Equal in everything that an instance is, so every writer is noticed. No row has an empty id. The condition on it keeps
  // indexes of the compared columns out: after many inserts, statistics say that a status has no rows, and PostgreSQL would
  // walk all of them instead of looking the id up.
  const SWAP = named(
    "swap",
    `UPDATE ${table} SET workflow = $2::text, status = $3::text, state = $4::text::jsonb, updated_at = $5::text::timestamp
     WHERE id = $1::text AND ((workflow = $6::text AND workflow_version = $7::text::int AND status = $8::text) OR id = '')
       AND state = $9::text::jsonb`,
  );

  const upserts = new Map<string, ReturnType<typeof named>>();
  const upsert = (rows: readonly TextRow[], returning = ""): SqlStatement => {
    const { length } = rows;
    if (length > MAX_NAMED_ROWS) return { text: upsertText(table, length) + returning, values: insertValues(rows) };
    const verb = `put${returning && " each"}${length === 1 ? "" : ` ${length}`}`;
    const statement = upserts.get(verb) ?? named(verb, upsertText(table, length) + returning);
    upserts.set(verb, statement);
    return statement(insertValues(rows));
  };

  const count = async (text: string, values: readonly SqlValue[], signal?: AbortSignal): Promise<number> =>
    Number((await client.query({ text, values }, signal))[0]?.count);

  return {
    isInTransaction: () => client.inTransaction,

    looksIntoStates: true,

    locks: createRowLocks(client, table),

    groups: {
      find: async (ids, signal) => (await client.query(FIND_MANY([sqlArray(ids)]), signal)).map(toTextRow),
      upsert: async (rows, signal) => (await client.query(upsert(rows, " RETURNING id::text AS id"), signal)).map(({ id }) => id ?? ""),
    },

    async find(id, signal) {
      const [row] = await client.query(FIND([id]), signal);
      return row === undefined ? null : toTextRow(row);
    },

    async findWhole(id) {
      const [row] = await client.query({ text: `SELECT ${WHOLE_ROW} FROM ${table} WHERE id = $1::text`, values: [id] });
      return row === undefined ? null : { ...toSummaryRow(row), ...toTextRow(row) };
    },

    async findMany(selection, page, signal) {
      const states: unknown[] = [];
      const onText = (text: string): void => void states.push(parsePlain(text));
      const rows = await client.query({ ...pageStatement(table, selection, ROW, page), onText }, signal);
      // Of a state that is NULL there is no text, and by most clients none is taken.
      if (states.length !== rows.length) return rows.map(toTextRow);
      return rows.map((row, index) => ({ ...toTextRow(row), plainState: states[index] }));
    },

    async findSummaries(selection, page, signal) {
      return (await client.query(pageStatement(table, selection, SUMMARY, page), signal)).map(toSummaryRow);
    },

    async count(selection, signal) {
      const values: SqlValue[] = [];
      return count(`SELECT count(*)::text AS count FROM ${table} WHERE ${sqlWhere(selection, values)}`, values, signal);
    },

    async countBy(selection, by, signal) {
      const values: SqlValue[] = [];
      const [where, column] = [sqlWhere(selection, values), COLUMNS[by]];
      const text = `SELECT ${column}::text AS value, count(*)::text AS count FROM ${table} WHERE ${where} GROUP BY ${column}`;
      const rows = await client.query({ text, values }, signal);
      return rows.map(({ value, count }) => [by === "workflowVersion" ? Number(value) : (value ?? ""), Number(count)]);
    },

    upsert: (row, signal) => client.execute(upsert([row]), signal),

    async upsertMany(rows, signal) {
      const [first, ...more] = chunks(rows).map((chunk) => upsert(chunk));
      if (first === undefined) return 0;
      const counts = more.length === 0 ? [await client.execute(first, signal)] : await client.transaction([first, ...more], signal);
      return counts.reduce((sum, stored) => sum + stored, 0);
    },

    insert: async (row, signal) => (await client.execute(INSERT(insertValues([row])), signal)) > 0,

    async swap(expected, row, signal) {
      const written = [expected.id, row.workflow, row.status, row.stateText, sqlTimestamp(new Date())];
      const compared = [expected.workflow, String(expected.workflowVersion), expected.status, expected.stateText];
      try {
        return (await client.execute(SWAP([...written, ...compared]), signal)) > 0;
      } catch (error) {
        if (!client.inTransaction || !isWriteConflict(error)) throw error;
        throw conflictWithin(expected.id, error);
      }
    },

    delete: (id, signal) => client.execute(DELETE([id]), signal),

    deleteSome: createDeleteBatch(client, table),
  };
}

const MAX_NAME = 63; // bytes: PostgreSQL cuts longer names

// Each size of a group of puts is a statement of its own, which every connection keeps.
const MAX_NAMED_ROWS = 20;
