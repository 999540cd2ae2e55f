import { type Connection, isTransaction } from "./client.js";
import { InvalidClientError } from "../errors.js";
import type { CheckedRow } from "../serialization/mapping.js";
import { sqlTimestamp } from "../postgres/where.js";
import { tableOf } from "./table.js";
import { upsertOf } from "./input.js";

// Within what one statement carries well: PostgreSQL takes a parameter of 1 GB, but client and server hold it several times.
const MAX_ROWS = 1_000;
const MAX_LENGTH = 8 * 1024 * 1024;

/** Stores rows, all or none, as `put` would one after the other: the last of an id wins, its first one's version stays. */
export async function putRows(connection: Connection, rows: readonly CheckedRow[]): Promise<void> {
  const { client, instances } = connection;
  const table = client.$executeRawUnsafe === undefined ? null : await tableOf(connection);
  const distinct = distinctRows(rows);
  const statements =
    table === null
      ? distinct.map((row) => () => instances.upsert(upsertOf(connection, row)))
      : chunks(distinct).map((chunk) => () => client.$executeRawUnsafe?.(...insertInto(table, chunk)) ?? Promise.resolve(0));
  if (statements.length <= 1 || isTransaction(client)) {
    for (const statement of statements) await statement();
  } else if (client.$transaction !== undefined) {
    await client.$transaction(statements.map((statement) => statement()));
  } else {
    throw new InvalidClientError("putMany needs a client with raw SQL or with $transaction: only they store all rows or none");
  }
}

/** One row an id, in the order of the ids: two batches that meet lock their rows in one order, and don't deadlock. */
function distinctRows(rows: readonly CheckedRow[]): CheckedRow[] {
  const byId = new Map<string, CheckedRow>();
  for (const row of rows) byId.set(row.id, { ...row, workflowVersion: byId.get(row.id)?.workflowVersion ?? row.workflowVersion });
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function chunks(rows: readonly CheckedRow[]): CheckedRow[][] {
  const all: CheckedRow[][] = [];
  let length = Infinity;
  for (const row of rows) {
    const last = all.at(-1);
    if (last === undefined || last.length === MAX_ROWS || length + row.state.length > MAX_LENGTH) {
      all.push([row]);
      length = row.state.length;
    } else {
      last.push(row);
      length += row.state.length;
    }
  }
  return all;
}

function insertInto(table: string, rows: readonly CheckedRow[]): [sql: string, ...values: unknown[]] {
  const now = sqlTimestamp(new Date());
  const [row, ...more] = rows;
  const one = row !== undefined && more.length === 0;
  const [source, values] = one ? [ONE, [row.id, row.workflow, row.workflowVersion, row.status, row.state]] : [MANY, columnsOf(rows)];
  const sql = `
    INSERT INTO ${table} (id, workflow, workflow_version, status, state, inserted_at, updated_at) ${source}
    ON CONFLICT (id) DO UPDATE
    SET workflow = EXCLUDED.workflow, status = EXCLUDED.status, state = EXCLUDED.state, updated_at = EXCLUDED.updated_at`;
  return [sql, ...values, now];
}

const ONE = "VALUES ($1, $2, $3::int, $4, $5::jsonb, $6::timestamp, $6::timestamp)";

// The states go as one JSON text: as an array, each of them would be escaped, and read back, once more.
const MANY = `
    SELECT r.id, r.workflow, r.workflow_version, r.status, r.state::jsonb, $6::timestamp, $6::timestamp
    FROM ROWS FROM (unnest($1::text[]), unnest($2::text[]), unnest($3::int[]), unnest($4::text[]), json_array_elements($5::text::json))
      AS r(id, workflow, workflow_version, status, state)`;

function columnsOf(rows: readonly CheckedRow[]): unknown[] {
  const column = <Name extends keyof CheckedRow>(name: Name): CheckedRow[Name][] => rows.map((row) => row[name]);
  return [column("id"), column("workflow"), column("workflowVersion"), column("status"), `[${column("state").join(",")}]`];
}
