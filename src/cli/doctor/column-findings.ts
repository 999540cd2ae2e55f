import { COLUMNS, type ExpectedColumn } from "./expected-table.js";
import type { Finding } from "./finding.js";
import type { MigrationFacts } from "./migration-facts.js";
import { pendingMigration, pendingPart } from "./migration-findings.js";
import type { ColumnFacts, TableFacts } from "./table-facts.js";

/** Checks that each column has its type and its default, and is NOT NULL. */
export function checkColumns(table: TableFacts, migrations: MigrationFacts): Finding[] {
  const extras = pendingMigration(migrations, table, "extras");
  const own = COLUMNS.map((column): Finding => {
    const facts = table.columns.find(({ name }) => name === column.name);
    const check = `column ${column.name}`;
    const expected = formOf({ type: column.type, notNull: true, default: column.default ?? null });
    if (facts === undefined)
      return { check, ok: false, found: "none", expected, fix: `ALTER TABLE ${table.name} ADD COLUMN ${column.name} ${expected};` };
    const changes = changesOf(column, facts);
    const found = formOf(facts);
    if (changes.length === 0) return { check, ok: true, found, expected, fix: null };
    if (extras !== undefined && facts.notNull && facts.type === column.baselineType)
      return pendingPart(check, found, expected, extras, migrations);
    return { check, ok: false, found, expected, fix: alter(table, facts, changes, facts.type !== column.type) };
  });
  const others = table.columns.filter(({ name }) => !COLUMNS.some((column) => column.name === name));
  return [...own, ...others.filter(({ notNull, filled }) => notNull && !filled).map((column) => unfilled(column, table))];
}

/** A column that this package doesn't know, and that every insert of its would leave NULL. */
function unfilled(column: ColumnFacts, { name }: TableFacts): Finding {
  return {
    check: `column ${column.name}`,
    ok: false,
    found: `${formOf(column)} without a default, so every insert of an instance fails`,
    expected: "a default, or NULL",
    fix: `ALTER TABLE ${name} ALTER COLUMN ${quoted(column.name)} DROP NOT NULL;`,
  };
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

function changesOf({ name, type, default: value }: ExpectedColumn, facts: ColumnFacts): string[] {
  // Without USING, PostgreSQL reads the times in the session's zone.
  const using = facts.type.endsWith(" with time zone") ? ` USING ${name} AT TIME ZONE 'UTC'` : "";
  return [
    ...(facts.type === type ? [] : [`ALTER COLUMN ${name} TYPE ${type}${using}`]),
    ...(value === undefined || facts.default === value ? [] : [`ALTER COLUMN ${name} SET DEFAULT ${value}`]), // an additional default does no harm
    ...(facts.notNull ? [] : [`ALTER COLUMN ${name} SET NOT NULL`]),
  ];
}

// PostgreSQL changes no type of a column that a view reads.
function alter({ name }: TableFacts, { views }: ColumnFacts, changes: readonly string[], typeChanges: boolean): string {
  const dependents = typeChanges ? views : [];
  const statement = `ALTER TABLE ${name}\n  ${changes.join(",\n  ")};`;
  return [...dependents.map(({ drop }) => drop), statement, ...dependents.map(({ create }) => create)].join("\n");
}

function formOf(column: Pick<ColumnFacts, "type" | "notNull" | "default">): string {
  return `${column.type}${column.notNull ? " NOT NULL" : ""}${column.default === null ? "" : ` DEFAULT ${column.default}`}`;
}
