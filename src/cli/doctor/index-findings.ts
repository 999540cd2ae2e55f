import { choiceOf } from "../project/index-choices.js";
import { type ExpectedIndex, INDEXES } from "./expected-table.js";
import type { Finding } from "./finding.js";
import type { MigrationFacts } from "./migration-facts.js";
import { pendingMigration, pendingPart } from "./migration-findings.js";
import type { IndexFacts, TableFacts } from "./table-facts.js";

/**
 * Checks that each index is there, on its columns and valid, and that no interrupted build has left another. One that the
 * user's own model leaves out may be missing.
 */
export function checkIndexes(table: TableFacts, migrations: MigrationFacts, leftOut: readonly string[]): Finding[] {
  const invalid = table.indexes.filter(({ name, valid }) => !valid && !INDEXES.some((index) => index.name === name));
  return [
    ...INDEXES.map((index) => checkIndex(index, table, migrations, leftOut.includes(index.name))),
    ...invalid.map((index) => invalidIndex(index, table)),
  ];
}

function checkIndex({ name, on, migration }: ExpectedIndex, table: TableFacts, migrations: MigrationFacts, isLeftOut: boolean): Finding {
  const finding = { check: `index ${name}`, ok: false, expected: on } as const;
  const create = `CREATE INDEX ${concurrently(table)}${name} ON ${table.name} USING ${on};`;
  const index = table.indexes.find((one) => one.name === name);
  if (index !== undefined && index.on !== on) return { ...finding, found: index.on, fix: `${drop(index, table)}\n${create}` };
  if (index?.valid === false)
    return {
      ...finding,
      found: "an invalid one: its build was interrupted, or goes on",
      // On a partitioned table it lacks the index of a partition, which a REINDEX doesn't add.
      fix: table.partitionKey === null ? `REINDEX INDEX CONCURRENTLY ${index.qualified};` : `${drop(index, table)}\n${create}`,
    };
  const found = index ?? table.indexes.find((one) => one.on === on && one.valid);
  if (found !== undefined) return { ...finding, ok: true, found: found.name === name ? on : `${on}, as ${found.name}`, fix: null };
  const pending = pendingMigration(migrations, table, migration);
  if (pending !== undefined) return pendingPart(finding.check, "none", on, pending, migrations);
  return isLeftOut
    ? { ...finding, ok: "note", found: "none, as in your model", fix: choice(name, create) }
    : { ...finding, found: "none", fix: create };
}

/** What a choice means, and how to take it back. */
function choice(index: string, create: string): string {
  const calls = choiceOf(index)?.calls ?? "calls that filter or sort by its columns";
  return `nothing, if you chose so: without it, these may read the whole table: ${calls}. To have it, add its @@index to your model, and:\n${create}`;
}

function invalidIndex(index: IndexFacts, table: TableFacts): Finding {
  return {
    check: `index ${index.name}`,
    ok: "note",
    found: "an invalid one, which every write keeps up to date and no query reads",
    expected: "no invalid index, except while it is built",
    fix: drop(index, table),
  };
}

function drop({ qualified }: IndexFacts, table: TableFacts): string {
  return `DROP INDEX ${concurrently(table)}${qualified};`;
}

// PostgreSQL has no such way for the indexes of a partitioned table.
function concurrently({ partitionKey }: TableFacts): string {
  return partitionKey === null ? "CONCURRENTLY " : "";
}
