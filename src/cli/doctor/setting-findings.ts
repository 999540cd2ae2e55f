import type { Finding } from "./finding.js";
import { Rejected, type Session } from "./session.js";
import type { TableFacts } from "./table-facts.js";

interface DateStyle {
  readonly style: string;
  /** Quoted if SQL needs it. */
  readonly role: string;
  readonly database: string;
}

const DATE_STYLE = `
  SELECT current_setting('DateStyle') AS style, quote_ident(current_user) AS role, quote_ident(current_database()) AS database`;

interface Collation {
  readonly database: string;
  readonly recorded: string;
  readonly actual: string | null;
}

const COLLATION = `
  SELECT quote_ident(datname) AS database, datcollversion AS recorded, pg_database_collation_actual_version(oid) AS actual
  FROM pg_database WHERE datname = current_database() AND datcollversion IS NOT NULL`;

/** Checks settings of the database that make a driver or an index fail silently. */
export async function checkSettings(session: Session, table: TableFacts): Promise<Finding[]> {
  const styles = await session.query<DateStyle>(DATE_STYLE);
  const collations = await session.attempt(() => session.query<Collation>(COLLATION));
  return [
    ...styles.map(dateStyleFinding),
    ...(collations instanceof Rejected ? [] : collations.map((one) => collationFinding(one, table))), // PostgreSQL 14 keeps no version
  ];
}

// Prisma's driver adapter reads the times of its verbs from text.
function dateStyleFinding({ style, role, database }: DateStyle): Finding {
  const ok = style.startsWith("ISO");
  return {
    check: "DateStyle",
    ok,
    found: style,
    expected: "ISO, which Prisma's verbs can read",
    fix: ok ? null : `ALTER ROLE ${role} IN DATABASE ${database} SET DateStyle = 'ISO';`,
  };
}

/** After an upgrade of the C library or of ICU, indexes of texts may be in another order than the server expects. */
function collationFinding({ database, recorded, actual }: Collation, { name }: TableFacts): Finding {
  const ok = recorded === actual;
  return {
    check: "collation",
    ok,
    found: ok
      ? `version ${recorded}`
      : `version ${recorded} in the database, ${actual ?? "none"} on the server: an index may miss rows, the primary key too`,
    expected: `version ${recorded}`,
    fix: ok ? null : `REINDEX TABLE CONCURRENTLY ${name}; -- and every other table\nALTER DATABASE ${database} REFRESH COLLATION VERSION;`,
  };
}
