import { CHECKS, type ExpectedCheck, PRIMARY_KEY } from "./expected-table.js";
import type { Finding } from "./finding.js";
import type { MigrationFacts } from "./migration-facts.js";
import { comingPart, pendingMigration } from "./migration-findings.js";
import type { TableFacts } from "./table-facts.js";

/** That the id is the primary key, and that the CHECKs hold every writer and every row. */
export function checkConstraints(table: TableFacts, migrations: MigrationFacts): Finding[] {
  return [checkPrimaryKey(table), ...CHECKS.map((check) => checkCheck(check, table, migrations))];
}

function checkPrimaryKey({ name, constraints }: TableFacts): Finding {
  const { name: keyName, definition: expected } = PRIMARY_KEY;
  const key = constraints.find(({ primary }) => primary);
  const ok = key?.definition === expected;
  const drop = key === undefined ? "" : `\n  DROP CONSTRAINT ${key.name},`;
  const mend = ok ? null : `ALTER TABLE ${name}${drop}\n  ADD CONSTRAINT ${keyName} ${expected};`;
  return { check: "primary key", ok, found: key?.definition ?? "none", expected, mend };
}

// By its name: how PostgreSQL tells a condition changes with a dump and its restore.
function checkCheck({ name, condition, migration }: ExpectedCheck, table: TableFacts, migrations: MigrationFacts): Finding {
  const finding = { check: `constraint ${name}`, ok: false, expected: `CHECK (${condition}), validated` } as const;
  const found = table.constraints.find((one) => one.name === name);
  if (found?.validated === true) return { ...finding, ok: true, found: found.definition, mend: null };
  const validate = `ALTER TABLE ${table.name} VALIDATE CONSTRAINT ${name};`;
  if (found !== undefined) return { ...finding, found: "NOT VALID: rows from before it are not held to it", mend: validate };
  const pending = pendingMigration(migrations, table, migration);
  if (pending !== undefined) return comingPart(finding.check, "none", finding.expected, pending);
  // In two steps, the second of which leaves writers alone.
  return {
    ...finding,
    found: "none",
    mend: `ALTER TABLE ${table.name} ADD CONSTRAINT ${name} CHECK (${condition}) NOT VALID;\n${validate}`,
  };
}
