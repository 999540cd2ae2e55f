import type { Reject } from "../messages/reject.js";
import { describe } from "../messages/describe.js";
import type { Rules } from "../storage/check-options.js";

/** Names the table. */
export interface TableOption {
  /**
   * The table of the instances: `"workflow_instances"`, or with its schema, `"tenant_a.workflow_instances"`. Names are
   * taken to the letter, upper case included. A name with other characters than letters, digits, `_` and `$` stands in
   * double quotes: `"\"Tenant A\".workflow_instances"`.
   */
  readonly table?: string;
}

const IDENTIFIER = /"(?:[^"\0]|"")+"|[\p{L}_][\p{L}\p{N}_$]*/u;
const TABLE = new RegExp(`^(?:(${IDENTIFIER.source})\\.)?(${IDENTIFIER.source})$`, "u");

// PostgreSQL cuts longer names, and would find another table.
const MAX_BYTES = 63;

/** The name of a table, each part of it in quotes, so that it can stand in SQL. */
export function quoteTable(name: unknown, reject: Reject): string {
  const expected = 'expected the name of a table, such as "workflow_instances" or "tenant_a.workflow_instances"';
  const [, schema, table] = (typeof name === "string" ? TABLE.exec(name) : null) ?? [];
  if (table === undefined) return reject(`${expected}, found ${describe(name)}`);
  const parts = schema === undefined ? [table] : [schema, table];
  const quoted = parts.map((part) => (part.startsWith('"') ? part : `"${part}"`));
  if (quoted.every((part) => new TextEncoder().encode(part.slice(1, -1).replaceAll('""', '"')).length <= MAX_BYTES))
    return quoted.join(".");
  return reject(`${expected}, found a part of more than ${MAX_BYTES} bytes`);
}

export const TABLE_OPTION: Rules<TableOption> = { table: (value, reject) => void quoteTable(value, reject) };
