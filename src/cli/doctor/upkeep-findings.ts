import { type Finding, plural } from "./finding.js";
import type { Session } from "./session.js";
import type { TableFacts } from "./table-facts.js";

interface Upkeep {
  /** The tables that a crash empties, with their schemas: of a partitioned table, its partitions. */
  readonly unlogged: readonly string[];
  /** Pages of 8 KB, of all partitions. */
  readonly pages: number;
  /** Whether the planner has statistics that this role may see. */
  readonly analyzed: boolean;
}

const UPKEEP = `
  WITH parts AS (SELECT relid AS oid FROM pg_partition_tree($1::oid) UNION SELECT $1::oid)
  SELECT
    ARRAY(SELECT format('%I.%I', n.nspname, c.relname) FROM parts JOIN pg_class c USING (oid) JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relpersistence = 'u' AND c.relkind = 'r' ORDER BY 1) AS unlogged,
    (SELECT COALESCE(sum(pg_relation_size(oid)), 0)::float8 / current_setting('block_size')::int FROM parts) AS pages,
    row_security_active($1::oid) OR EXISTS (
      SELECT FROM pg_stats s JOIN pg_class c ON c.oid = $1 JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = s.schemaname
      WHERE s.tablename = c.relname) AS analyzed`;

/** Below, a plan without statistics costs nothing that one would notice. */
const MANY_PAGES = 100;

/** Checks that a crash loses no row, and that the planner has statistics. */
export async function checkUpkeep({ query }: Session, { oid, name }: TableFacts): Promise<Finding[]> {
  const found = await query<Upkeep>(UPKEEP, oid);
  return found.flatMap(({ unlogged, pages, analyzed }) => [
    ...unlogged.map(unloggedFinding),
    ...(analyzed || pages < MANY_PAGES ? [] : [unanalyzedFinding(name, pages)]),
  ]);
}

function unloggedFinding(table: string): Finding {
  return {
    check: `persistence of ${table}`,
    ok: false,
    found: "UNLOGGED: a crash of the server empties it, and no replica or backup of files has its rows",
    expected: "LOGGED",
    fix: `ALTER TABLE ${table} SET LOGGED;`,
  };
}

function unanalyzedFinding(name: string, pages: number): Finding {
  return {
    check: "statistics",
    ok: "note",
    found: `never analyzed, with ${plural(Math.round(pages), "page")} of rows`,
    expected: "statistics, without which lists and queries take slow plans: after a restore or an import, nothing gathers them at once",
    fix: `ANALYZE ${name};`,
  };
}
