import { InvalidOptionError } from "../errors.js";
import type { Reject } from "../messages/reject.js";
import { describe } from "../messages/describe.js";
import { byteLength } from "../runtime/byte-length.js";
import type { Rules } from "../storage/check-options.js";

/** Names the table. */
export interface TableOption {
  /**
   * The table of the instances: `"workflow_instances"`, or with its schema, `"tenant_a.workflow_instances"`. Names are
   * taken to the letter, upper case included. A name with other characters than letters, digits, `_` and `$` stands in
   * double quotes: `"\"Tenant A\".workflow_instances"`.
   *
   * @defaultValue `"workflow_instances"`, by the connection's search path
   */
  readonly table?: string;
}

const PLAIN = /[\p{L}_][\p{L}\p{N}_$]*/u;
const IDENTIFIER = new RegExp(`"(?:[^"\\0]|"")+"|${PLAIN.source}`, "u");
const TABLE = new RegExp(`^(?:(${IDENTIFIER.source})\\.)?(${IDENTIFIER.source})$`, "u");

// PostgreSQL cuts longer names, and would find another table.
const MAX_BYTES = 63;

/** The name of a table, each part of it in quotes, so that it can stand in SQL. With `needsSchema`, it must be qualified. */
export function quoteTable(name: unknown, reject: Reject, needsSchema = false): string {
  const example = needsSchema ? '"public.workflow_instances"' : '"workflow_instances" or "tenant_a.workflow_instances"';
  const expected = `expected the name of a table${needsSchema ? " with its schema" : ""}, such as ${example}`;
  const [, schema, table] = (typeof name === "string" ? TABLE.exec(name) : null) ?? [];
  if (table === undefined || (needsSchema && schema === undefined)) return reject(`${expected}, found ${describe(name)}`);
  const quoted = [...(schema === undefined ? [] : [schema]), table].map((part) => (part.startsWith('"') ? part : `"${part}"`));
  const isTooLong = quoted.some((part) => byteLength(part.slice(1, -1).replaceAll('""', '"')) > MAX_BYTES);
  return isTooLong ? reject(`${expected}, found a part of more than ${MAX_BYTES} bytes`) : quoted.join(".");
}

/** The option `table` that names a table: its schema and its name as they are, in double quotes only if they need them. */
export function tableOption(schema: string, table: string): string {
  const isPlain = new RegExp(`^${PLAIN.source}$`, "u");
  return [schema, table].map((name) => (isPlain.test(name) ? name : `"${name.replaceAll('"', '""')}"`)).join(".");
}

export const TABLE_OPTION: Rules<TableOption> = { table: (value, reject) => void quoteTable(value, reject) };

/** The quoted name that an option which was checked has. */
export function tableOf(table = "workflow_instances"): string {
  return quoteTable(table, (problem) => {
    throw new InvalidOptionError("table", `the option "table" is invalid: ${problem}`);
  });
}
