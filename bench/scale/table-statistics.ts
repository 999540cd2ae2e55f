import type pg from "pg";

/** The sizes of the table in bytes. */
export interface Sizes {
  readonly heap: number;
  /** Where PostgreSQL keeps states that are too large for a row. */
  readonly toast: number;
  readonly indexes: number;
  /** The mean size of a state as text. */
  readonly stateBytes: number;
}

/** Reads the sizes of the table. */
export function readSizes(sql: pg.Client): Promise<Sizes> {
  return oneRow<Sizes>(
    sql,
    `SELECT pg_relation_size(c.oid)::float8 AS heap, pg_total_relation_size(c.reltoastrelid)::float8 AS toast,
       pg_indexes_size(c.oid)::float8 AS indexes,
       (SELECT avg(octet_length(state::text)) FROM workflow_instances)::float8 AS "stateBytes"
     FROM pg_class c WHERE c.oid = 'workflow_instances'::regclass`,
  );
}

/** How many rows have been updated, and how many of them without any index: by HOT updates. */
export interface Updates {
  readonly all: number;
  readonly hot: number;
}

/** Reads the updates so far, of all connections: each reports its own within a second of its last one. */
export async function updatesOf(sql: pg.Client): Promise<Updates> {
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  return oneRow<Updates>(
    sql,
    "SELECT n_tup_upd::float8 AS \"all\", n_tup_hot_upd::float8 AS hot FROM pg_stat_user_tables WHERE relname = 'workflow_instances'",
  );
}

/** How many bytes of WAL the server has written, with the work that GIN has postponed. */
export async function walPosition(sql: pg.Client): Promise<number> {
  await sql.query("SELECT gin_clean_pending_list(oid) FROM pg_class WHERE relname = 'idx_workflow_instances_state' AND relkind = 'i'");
  const { bytes } = await oneRow<{ bytes: number }>(sql, "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS bytes");
  return bytes;
}

/** Vacuums the table and returns how many milliseconds it took. */
export async function vacuum(sql: pg.Client): Promise<number> {
  const start = performance.now();
  await sql.query("VACUUM (ANALYZE) workflow_instances");
  return performance.now() - start;
}

async function oneRow<Row extends pg.QueryResultRow>(sql: pg.Client, text: string): Promise<Row> {
  const [row] = (await sql.query<Row>(text)).rows;
  if (row === undefined) throw new Error("the statement returned no row");
  return row;
}
