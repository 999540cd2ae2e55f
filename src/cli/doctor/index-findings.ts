import { type ExpectedIndex, INDEXES } from "./expected-table.js";
import type { Finding } from "./finding.js";
import type { MigrationFacts } from "./migration-facts.js";
import { comingPart, pendingMigration } from "./migration-findings.js";
import type { IndexFacts, TableFacts } from "./table-facts.js";

/** That each index is there, on its columns, and used; and that no build which broke off has left another. */
export function checkIndexes(table: TableFacts, migrations: MigrationFacts): Finding[] {
  const invalid = table.indexes.filter(({ name, valid }) => !valid && !INDEXES.some((index) => index.name === name));
  return [...INDEXES.map((index) => checkIndex(index, table, migrations)), ...invalid.map(leftIndex)];
}

function checkIndex({ name, on, migration }: ExpectedIndex, table: TableFacts, migrations: MigrationFacts): Finding {
  const finding = { check: `index ${name}`, ok: false, expected: on } as const;
  const create = `CREATE INDEX CONCURRENTLY ${name} ON ${table.name} USING ${on};`;
  const index = table.indexes.find((one) => one.name === name);
  if (index !== undefined && index.on !== on) return { ...finding, found: index.on, mend: `${drop(index)}\n${create}` };
  if (index?.valid === false)
    return {
      ...finding,
      found: "an invalid one: building it broke off, or goes on",
      mend: `REINDEX INDEX CONCURRENTLY ${index.qualified};`,
    };
  const found = index ?? table.indexes.find((one) => one.on === on && one.valid);
  if (found !== undefined) return { ...finding, ok: true, found: found.name === name ? on : `${on}, as ${found.name}`, mend: null };
  const pending = pendingMigration(migrations, table, migration);
  return pending === undefined ? { ...finding, found: "none", mend: create } : comingPart(finding.check, "none", on, pending);
}

function leftIndex(index: IndexFacts): Finding {
  return {
    check: `index ${index.name}`,
    ok: "note",
    found: "an invalid one, which every write keeps up to date and no query reads",
    expected: "none that is invalid, but while it is built",
    mend: drop(index),
  };
}

function drop({ qualified }: IndexFacts): string {
  return `DROP INDEX CONCURRENTLY ${qualified};`;
}
