import type { Session } from "./session.js";

/** A table as the catalogue describes it. Names are quoted if SQL needs it. */
export interface TableFacts {
  readonly oid: number;
  /** With its schema. */
  readonly name: string;
  readonly schema: string;
  readonly comment: string | null;
  /** How it is partitioned, such as `HASH (id)`; `null` for an ordinary table. */
  readonly partitionKey: string | null;
  readonly partitions: number;
  /** The partitioned table that it is a partition of; `null` for any other. */
  readonly parent: TablePlace | null;
  readonly columns: readonly ColumnFacts[];
  readonly indexes: readonly IndexFacts[];
  readonly constraints: readonly ConstraintFacts[];
  /** The views in its schema. */
  readonly views: readonly string[];
}

export interface ColumnFacts {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly default: string | null;
  /** Whether an insert that leaves it out fills it: by a default, as an identity, or as a generated column. */
  readonly filled: boolean;
  /** The views that read it: they prevent a change of its type. */
  readonly views: readonly ViewScript[];
}

/** A view, as SQL that drops and creates it. */
interface ViewScript {
  readonly drop: string;
  readonly create: string;
}

export interface IndexFacts {
  readonly name: string;
  /** With its schema. */
  readonly qualified: string;
  /** The part after `USING`. */
  readonly on: string;
  /** False after an interrupted build: PostgreSQL keeps such an index up to date and never reads it. */
  readonly valid: boolean;
}

interface ConstraintFacts {
  readonly name: string;
  readonly primary: boolean;
  readonly validated: boolean;
  readonly definition: string;
}

const TABLE = `
  SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name, quote_ident(n.nspname) AS schema,
    obj_description(c.oid, 'pg_class') AS comment, pg_get_partkeydef(c.oid) AS "partitionKey",
    (SELECT count(*)::int FROM pg_inherits WHERE inhparent = c.oid AND c.relkind = 'p') AS partitions,
    (SELECT jsonb_build_object('schema', pn.nspname, 'table', p.relname)
     FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
     WHERE i.inhrelid = c.oid AND c.relispartition) AS parent
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND n.nspname = $1 AND c.relname = $2`;

const COLUMNS = `
  SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS "notNull",
    pg_get_expr(d.adbin, d.adrelid) AS default, a.atthasdef OR a.attidentity <> '' OR a.attgenerated <> '' AS filled,
    ARRAY(
      SELECT DISTINCT jsonb_build_object(
        'drop', format('DROP VIEW %s;', r.ev_class::regclass),
        'create', format(E'CREATE VIEW %s AS\\n%s', r.ev_class::regclass, pg_get_viewdef(r.ev_class)))
      FROM pg_depend p JOIN pg_rewrite r ON r.oid = p.objid
      WHERE p.classid = 'pg_rewrite'::regclass AND p.refobjid = a.attrelid AND p.refobjsubid = a.attnum) AS views
  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped`;

const INDEXES = `
  SELECT c.relname AS name, format('%I.%I', n.nspname, c.relname) AS qualified, i.indisvalid AS valid,
    CASE WHEN i.indisunique THEN 'unique ' ELSE '' END || substring(pg_get_indexdef(c.oid) FROM ' USING (.*)$') AS "on"
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE i.indrelid = $1 ORDER BY c.relname`;

const CONSTRAINTS = `
  SELECT quote_ident(conname) AS name, contype = 'p' AS primary, convalidated AS validated, pg_get_constraintdef(oid) AS definition
  FROM pg_constraint WHERE conrelid = $1 AND contype IN ('c', 'p')`;

const VIEWS = `
  SELECT v.relname AS name FROM pg_class v JOIN pg_class t ON t.relnamespace = v.relnamespace WHERE v.relkind = 'v' AND t.oid = $1`;

/** Reads a table from the catalogue; `undefined` if there is none of that name. */
export async function readTable({ query }: Session, { schema, table }: TablePlace): Promise<TableFacts | undefined> {
  const [facts] = await query<Omit<TableFacts, "columns" | "indexes" | "constraints" | "views">>(TABLE, schema, table);
  return (
    facts && {
      ...facts,
      columns: await query<ColumnFacts>(COLUMNS, facts.oid),
      indexes: await query<IndexFacts>(INDEXES, facts.oid),
      constraints: await query<ConstraintFacts>(CONSTRAINTS, facts.oid),
      views: (await query<{ name: string }>(VIEWS, facts.oid)).map(({ name }) => name),
    }
  );
}

/** A table's schema and name, as they are. */
export interface TablePlace {
  readonly schema: string;
  readonly table: string;
}

// Not by to_regclass, which fails if the role has no right to the schema.
const HAS_TABLE = `
  SELECT count(*) > 0 AS found FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'f') AND n.nspname = $1 AND c.relname = $2`;

/** Whether there is a table of this name, or a view. */
export async function hasTable({ query }: Session, { schema, table }: TablePlace): Promise<boolean> {
  return (await query<{ found: boolean }>(HAS_TABLE, schema, table))[0]?.found === true;
}

const SIMILAR_TABLES = `
  SELECT n.nspname AS schema, c.relname AS table FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT LIKE 'pg\\_%' AND c.oid IN (
    SELECT attrelid FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped AND attname = ANY ($1::name[])
    GROUP BY attrelid HAVING count(*) = cardinality($1::name[]))
  ORDER BY c.relname <> $2, n.nspname, c.relname LIMIT 5`;

/** Finds the tables that have such columns, those of this name first. */
export function findSimilarTables({ query }: Session, columns: readonly string[], name: string): Promise<TablePlace[]> {
  return query<TablePlace>(SIMILAR_TABLES, columns, name);
}
