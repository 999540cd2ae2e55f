import { isObject } from "../runtime/native-types.js";
import { COLUMNS } from "../sql/columns.js";

/** A table that raw SQL can name. */
export interface Table {
  /** Qualified and quoted. */
  readonly name: string;
  /** Whether the server is Citus: rows can be on several nodes. */
  readonly distributed: boolean;
}

/** A table like ours, or a view, that a transaction has touched. */
export interface Touched extends Table {
  readonly oid: number;
  readonly view: boolean;
  /** Whether it has the columns of our table. */
  readonly ours: boolean;
  /** Whether a view on it was touched. */
  readonly viewed: boolean;
  readonly reads: number;
}

/** What a name stands for. */
export interface Named {
  readonly oid: number;
  readonly columns: readonly string[];
  readonly distributed: boolean;
}

const OUR_COLUMNS = Object.values(COLUMNS)
  .map((name) => `'${name}'`)
  .join(", ");

const IS_CITUS = "EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')";

/**
 * Every view and every table that this transaction has touched, and how often the tables were read in it.
 * Prisma knows the model's schema and table but doesn't say; the locks do.
 *
 * A partition is never the table: Prisma reads it through its parent, for which no reads are counted.
 */
export const TOUCHED_RELATIONS: string = `
  WITH held AS MATERIALIZED (
    SELECT relation AS oid FROM pg_locks
    WHERE pid = pg_backend_pid() AND locktype = 'relation'
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())),
  reads AS (SELECT relid, seq_scan + coalesce(idx_scan, 0) AS reads FROM pg_stat_xact_user_tables)
  SELECT c.oid::int8::float8 AS "oid", quote_ident(nspname) || '.' || quote_ident(relname) AS "name", relkind = 'v' AS "view",
    (SELECT count(*) FROM pg_attribute WHERE attrelid = c.oid AND NOT attisdropped AND attname IN (${OUR_COLUMNS}))
      = ${Object.keys(COLUMNS).length} AS "ours",
    EXISTS (SELECT FROM pg_depend AS d JOIN pg_rewrite AS r ON r.oid = d.objid
            WHERE d.classid = 'pg_rewrite'::regclass AND d.refobjid = c.oid AND r.ev_class <> c.oid
              AND r.ev_class IN (SELECT oid FROM held)) AS "viewed",
    coalesce((SELECT sum(reads) FROM reads
              WHERE relid = c.oid OR relid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = c.oid)), 0)::float8 AS "reads",
    ${IS_CITUS} AS "distributed"
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace
  WHERE c.oid IN (SELECT oid FROM held) AND nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'
    AND (relkind = 'v' OR relkind IN ('r', 'p') AND NOT relispartition)`;

/** What the name `$1` stands for. */
export const NAMED_RELATION: string = `
  SELECT c.oid::int8::float8 AS "oid", ${IS_CITUS} AS "distributed",
    (SELECT string_agg(attname::text, ',') FROM pg_attribute
     WHERE attrelid = c.oid AND NOT attisdropped AND attname IN (${OUR_COLUMNS})) AS "columns"
  FROM pg_class AS c WHERE c.oid = to_regclass($1::text)`;

/**
 * The table that Prisma has read in between, if it can only be one, and it is ours. Not if a view may be behind the model:
 * raw SQL on its table would go around the view.
 */
export function onlyTable(before: readonly Touched[], after: readonly Touched[]): Table | null {
  if (newViews(before, after).length > 0) return null;
  const [table, ...more] = readBetween(before, after).filter(({ ours }) => ours);
  if (table === undefined || more.length > 0 || table.viewed) return null;
  return { name: table.name, distributed: table.distributed };
}

/** The relations that can be behind the model: views like our table, if some were touched, or else tables. */
export function relationsOf(before: readonly Touched[], after: readonly Touched[]): readonly Touched[] {
  const views = newViews(before, after);
  const likeOurs = views.filter(({ ours }) => ours);
  if (likeOurs.length > 0) return likeOurs;
  const tables = readBetween(before, after).filter(({ viewed }) => !viewed || views.length === 0);
  const ours = tables.filter((table) => table.ours);
  return ours.length > 0 ? ours : tables;
}

/** The tables that were read in between. Citus counts no reads: there, it is the only one like ours that was ever touched. */
function readBetween(before: readonly Touched[], after: readonly Touched[]): Touched[] {
  const reads = new Map(before.map(({ oid, reads }) => [oid, reads]));
  const tables = after.filter(({ view }) => !view);
  const read = tables.filter((table) => reads.get(table.oid) !== table.reads);
  return read.length > 0 ? read : tables.filter(({ ours, distributed }) => ours && distributed);
}

function newViews(before: readonly Touched[], after: readonly Touched[]): Touched[] {
  return after.filter(({ oid, view }) => view && !before.some((one) => one.oid === oid));
}

/** The rows that {@link TOUCHED_RELATIONS} returns. */
export function readTouched(rows: unknown): Touched[] {
  return listOf(rows).flatMap(({ oid, name, view, ours, viewed, reads, distributed }) =>
    typeof oid === "number" && typeof name === "string" && typeof reads === "number"
      ? [{ oid, name, view: view === true, ours: ours === true, viewed: viewed === true, reads, distributed: distributed === true }]
      : [],
  );
}

/** The row that {@link NAMED_RELATION} returns, or `null`. */
export function readNamed(rows: unknown): Named | null {
  const [row] = listOf(rows);
  if (row === undefined || typeof row.oid !== "number") return null;
  const columns = typeof row.columns === "string" ? row.columns.split(",") : [];
  return { oid: row.oid, columns, distributed: row.distributed === true };
}

function listOf(rows: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(rows) ? rows.filter(isObject) : [];
}
