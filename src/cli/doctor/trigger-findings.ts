import type { Finding } from "./finding.js";
import type { Session } from "./session.js";
import type { TableFacts } from "./table-facts.js";

// Names are quoted if SQL needs it.
interface Trigger {
  readonly name: string;
  readonly function: string;
  readonly events: string;
}

interface Rule {
  readonly name: string;
  readonly event: string;
  readonly instead: boolean;
}

// Bits of tgtype: 1 is FOR EACH ROW, 2 is BEFORE, 4 INSERT, 8 DELETE, 16 UPDATE.
const TRIGGERS = `
  SELECT quote_ident(t.tgname) AS name, t.tgfoid::regproc::text AS function,
    concat_ws(', ', CASE WHEN t.tgtype & 4 > 0 THEN 'INSERT' END, CASE WHEN t.tgtype & 16 > 0 THEN 'UPDATE' END,
      CASE WHEN t.tgtype & 8 > 0 THEN 'DELETE' END) AS events
  FROM pg_trigger t WHERE t.tgrelid = $1 AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgtype & 3 = 3 ORDER BY t.tgname`;

const RULES = `
  SELECT quote_ident(rulename) AS name, is_instead AS instead,
    CASE ev_type WHEN '2' THEN 'UPDATE' WHEN '3' THEN 'INSERT' ELSE 'DELETE' END AS event
  FROM pg_rewrite WHERE ev_class = $1 AND ev_type IN ('2', '3', '4') AND ev_enabled IN ('O', 'A') ORDER BY rulename`;

/** Reports what may change or suppress a row on its way into the table: triggers before it, and rules. */
export async function checkTriggers({ query }: Session, { oid, name }: TableFacts): Promise<Finding[]> {
  const triggers = await query<Trigger>(TRIGGERS, oid);
  const rules = await query<Rule>(RULES, oid);
  return [...triggers.map((trigger) => triggerFinding(trigger, name)), ...rules.map((rule) => ruleFinding(rule, name))];
}

function triggerFinding({ name, function: called, events }: Trigger, table: string): Finding {
  return {
    check: `trigger ${name}`,
    ok: "note",
    found: `${called}() before ${events}`,
    expected:
      "none that changes or suppresses a row: a suppressed write fails with NOT_STORED, and update returns what it sent, not what is stored",
    fix: `nothing, if it returns each row as it came; otherwise:\nDROP TRIGGER ${name} ON ${table};`,
  };
}

// PostgreSQL rejects INSERT … ON CONFLICT on a table with a rule for INSERT or UPDATE, whatever the rule does.
function ruleFinding({ name, event, instead }: Rule, table: string): Finding {
  const effect = event === "DELETE" ? (instead ? "a delete fails or deletes nothing" : "it does more than delete") : "every put fails";
  return {
    check: `rule ${name}`,
    ok: event === "DELETE" && !instead ? "note" : false,
    found: `${event}${instead ? " INSTEAD" : ""}: ${effect}`,
    expected: "no rule",
    fix: `DROP RULE ${name} ON ${table};`,
  };
}
