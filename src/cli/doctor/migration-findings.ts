import { CHECKS, INDEXES } from "./expected-table.js";
import type { Finding } from "./finding.js";
import type { MigrationFacts, OwnMigration, Twin } from "./migration-facts.js";
import type { MigrationRecord } from "./migration-record.js";
import { sqlText } from "./sql-text.js";
import type { TableFacts } from "./table-facts.js";

/** Adds the model and the migrations to a project. */
export const INIT = "npx hephaestus-prisma init";
const DOCTOR = "npx hephaestus-prisma doctor";

/** Checks the migrations, in the order of the fixes. */
export function checkMigrations(facts: MigrationFacts, table: TableFacts | undefined): Finding[] {
  const { own, record } = facts;
  if (record?.readable === false) return [unreadableRecord(record)];
  return [
    ...own.flatMap((migration) => migration.twins.map((twin) => twinFinding(migration, twin, facts))),
    ...facts.otherFailed.map((name) => otherFailure(name, facts)),
    ...ownFindings(facts, table),
  ];
}

function ownFindings(facts: MigrationFacts, table: TableFacts | undefined): Finding[] {
  const { own, record, folder } = facts;
  const isInProject = own.some(({ inFolder }) => inFolder);
  if (own.length > 0 && folder !== null && !isInProject) return [absentFinding(folder, facts, table)];
  if (own.length > 0 && record === null && !isInProject && own.every((migration) => isInEffect(migration, table))) return [UNRECORDED];
  return own.map((migration) => migrationFinding(migration, isInEffect(migration, table), facts));
}

/**
 * The pending migration that will create a part of the table, if there is one. A part created by hand would make that
 * migration fail.
 */
export function pendingMigration({ own, record }: MigrationFacts, table: TableFacts, title: string): OwnMigration | undefined {
  if (record?.readable === false) return undefined;
  return own.find((migration) => migration.title === title && !isApplied(migration) && !isInEffect(migration, table));
}

/** A part of the table that a pending migration will create. */
export function pendingPart(
  check: string,
  found: string,
  expected: string,
  { name }: OwnMigration,
  { commands }: Pick<MigrationFacts, "commands">,
): Finding {
  return { check, ok: "note", found, expected, fix: `it comes with ${name}, which is pending: ${commands.deploy}` };
}

function isApplied({ state, recordedAs }: OwnMigration): boolean {
  return state === "applied" || recordedAs !== null;
}

/** Whether something that a migration creates is there, recorded or not: then the migration would fail. */
function isInEffect({ title, views }: OwnMigration, table: TableFacts | undefined): boolean {
  if (table === undefined) return false;
  if (title === "baseline") return true;
  const there = [...[...table.indexes, ...table.constraints].map(({ name }) => name), ...table.views];
  const made = [...[...INDEXES, ...CHECKS].filter(({ migration }) => migration === title).map(({ name }) => name), ...views];
  return made.some((name) => there.includes(name));
}

function migrationFinding({ name, state, recordedAs, inFolder }: OwnMigration, inEffect: boolean, facts: MigrationFacts): Finding {
  const { commands, folder, record } = facts;
  const finding = { check: `migration ${name}`, ok: false, expected: "applied" } as const;
  if (state === "applied") return { ...finding, ok: true, found: "applied", fix: null };
  if (recordedAs !== null)
    return {
      ...finding,
      found: `applied as ${recordedAs}, so under this name it would run again, and fail`,
      fix: `${commands.resolve("applied", name)}\n${forget(recordedAs, record)}`,
    };
  const found = state === "failed" ? "it began and did not finish" : inEffect ? "not recorded, though what it creates is there" : "pending";
  if (folder !== null && !inFolder) return { ...finding, found, fix: `${INIT}\n${inEffect ? DOCTOR : commands.deploy}` };
  const resolve = commands.resolve(inEffect ? "applied" : "rolled-back", name);
  const steps = [...(state === "failed" || inEffect ? [resolve] : []), ...(inEffect ? [] : [commands.deploy])];
  return { ...finding, found, fix: steps.join("\n") };
}

/** A project in which `init` has not run. What is there already is resolved under the names that `init` gives. */
function absentFinding(folder: string, { commands }: MigrationFacts, table: TableFacts | undefined): Finding {
  return {
    check: "migrations",
    ok: false,
    found: `none of this package's in ${folder}`,
    expected: "this package's, after yours",
    fix: `${INIT}\n${table === undefined ? commands.deploy : DOCTOR}`,
  };
}

const UNRECORDED: Finding = {
  check: "migrations",
  ok: "note",
  found: "Prisma has recorded none, and what they create is there",
  expected: "a record, unless the SQL files were run by another tool",
  fix: null,
};

function twinFinding({ name }: OwnMigration, twin: Twin, { folder, commands, record }: MigrationFacts): Finding {
  const unrecord = { applied: [forget(twin.name, record)], failed: [commands.resolve("rolled-back", twin.name)], unrecorded: [] };
  return {
    check: `migration ${twin.name}`,
    ok: false,
    found: `the same as ${name}, so one of them fails`,
    expected: `one name for it in ${folder ?? "the folder"}`,
    fix: [`rm -r ${folder ?? "."}/${twin.name}`, ...unrecord[twin.state]].join("\n"),
  };
}

/** Takes a name out of the record that is not in the folder: `migrate dev` would ask to reset the database for it. */
function forget(name: string, record: MigrationRecord | null): string {
  return `DELETE FROM ${record?.name ?? "_prisma_migrations"} WHERE migration_name = ${sqlText(name)};`;
}

function otherFailure(name: string, { commands }: MigrationFacts): Finding {
  return {
    check: `migration ${name}`,
    ok: false,
    found: "it began and did not finish, so Prisma applies no other",
    expected: "applied",
    fix: `correct it, then:\n${commands.resolve("rolled-back", name)}\n${commands.deploy}`,
  };
}

function unreadableRecord({ name, role }: MigrationRecord): Finding {
  return {
    check: "migrations",
    ok: "note",
    found: `the role ${role} may not read ${name}`,
    expected: "that it may, to compare it with the migrations of this package",
    fix: `GRANT SELECT ON ${name} TO ${role};`,
  };
}
