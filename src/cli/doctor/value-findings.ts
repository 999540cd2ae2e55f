import { STATUS_CONDITION, VERSION_CONDITION } from "./expected-table.js";
import { type Finding, plural } from "./finding.js";
import { Rejected, type Session, STATEMENT_TIMEOUT } from "./session.js";
import type { TableFacts } from "./table-facts.js";

const CONDITIONS = [
  { column: "status", condition: STATUS_CONDITION },
  { column: "workflow_version", condition: VERSION_CONDITION },
  { column: "state", condition: "jsonb_typeof(state) = 'object'" },
  { column: "inserted_at", condition: inYears("inserted_at") },
  { column: "updated_at", condition: inYears("updated_at") },
] as const;

type Counts = Readonly<Record<(typeof CONDITIONS)[number]["column"], number>>;

// The times that ISO 8601 writes in four digits. PostgreSQL has others, infinity among them.
function inYears(column: string): string {
  return `${column} >= '0001-01-01' AND ${column} < '10000-01-01'`;
}

/** Counts the rows with values that no instance has, as far as SQL can recognise them. */
export async function countInvalid(session: Session, { name }: TableFacts): Promise<Finding[]> {
  const counts = CONDITIONS.map(({ column, condition }) => `count(*) FILTER (WHERE (${condition}) IS NOT TRUE)::float8 AS ${column}`);
  const counted = await session.attempt(() => session.query<Counts>(`SELECT ${counts.join(", ")} FROM ${name}`));
  if (counted instanceof Rejected) return [uncounted(counted)];
  return counted.flatMap((row) =>
    CONDITIONS.map(({ column, condition }): Finding => {
      const invalid = `(${condition}) IS NOT TRUE`;
      return {
        check: `${column} of all rows`,
        ok: row[column] === 0,
        found: row[column] === 0 ? "valid" : `invalid in ${plural(row[column], "row")}`,
        expected: condition,
        fix: row[column] === 0 ? null : `SELECT id, ${column} FROM ${name} WHERE ${invalid}; -- and correct or delete these`,
      };
    }),
  );
}

function uncounted({ message, timedOut }: Rejected): Finding {
  return {
    check: "values of all rows",
    ok: timedOut ? "note" : false,
    found: message,
    expected: `a count within ${STATEMENT_TIMEOUT}`,
    fix: timedOut ? "npx hephaestus-prisma doctor --rows" : "fix what it says, and run this again",
  };
}
