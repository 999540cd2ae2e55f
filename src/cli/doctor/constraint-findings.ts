import { CHECKS, type ExpectedCheck, PRIMARY_KEY } from "./expected-table.js";
import type { Finding } from "./finding.js";
import type { MigrationFacts } from "./migration-facts.js";
import { pendingMigration, pendingPart } from "./migration-findings.js";
import type { TableFacts } from "./table-facts.js";

/** Checks that the id is the primary key, and that the CHECKs hold for every writer and every row. */
export function checkConstraints(table: TableFacts, migrations: MigrationFacts): Finding[] {
  return [checkPrimaryKey(table), ...CHECKS.map((check) => checkCheck(check, table, migrations))];
}

function checkPrimaryKey({ name, constraints }: TableFacts): Finding {
  const { name: keyName, definition: expected } = PRIMARY_KEY;
  const key = constraints.find(({ primary }) => primary);
  const ok = key?.definition === expected;
  const drop = key === undefined ? "" : `\n  DROP CONSTRAINT ${key.name},`;
  const fix = ok ? null : `ALTER TABLE ${name}${drop}\n  ADD CONSTRAINT ${keyName} ${expected};`;
  return { check: "primary key", ok, found: key?.definition ?? "none", expected, fix };
}

// By its name: PostgreSQL writes a condition in another way after a dump and its restore.
function checkCheck({ name, condition, migration }: ExpectedCheck, table: TableFacts, migrations: MigrationFacts): Finding {
  const finding = { check: `constraint ${name}`, ok: false, expected: `CHECK (${condition}), validated` } as const;
  const found = table.constraints.find((one) => one.name === name);
  if (found?.validated === true) return { ...finding, ok: true, found: found.definition, fix: null };
  const validate = `ALTER TABLE ${table.name} VALIDATE CONSTRAINT ${name};`;
  if (found !== undefined) return { ...finding, found: "NOT VALID: earlier rows have not been checked", fix: validate };
  const pending = pendingMigration(migrations, table, migration);
  if (pending !== undefined) return pendingPart(finding.check, "none", finding.expected, pending, migrations);
  // In two steps, the second of which doesn't block writers.
  return {
    ...finding,
    found: "none",
    fix: `ALTER TABLE ${table.name} ADD CONSTRAINT ${name} CHECK (${condition}) NOT VALID;\n${validate}`,
  };
}
