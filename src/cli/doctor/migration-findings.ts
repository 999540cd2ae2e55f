import { CHECKS, INDEXES } from "./expected-table.js";
import type { Finding } from "./finding.js";
import type { MigrationFacts, MigrationRecord, OwnMigration } from "./migration-facts.js";
import type { TableFacts } from "./table-facts.js";

/** Applies what is pending. */
export const DEPLOY = "npx prisma migrate deploy";

/** Checks the migrations, in the order of the fixes. */
export function checkMigrations({ own, otherFailed, record }: MigrationFacts, table: TableFacts | undefined): Finding[] {
  if (record?.readable === false) return [unreadableRecord(record)];
  return [...otherFailed.map(otherFailure), ...own.map((migration) => migrationFinding(migration, isInEffect(migration, table)))];
}

/**
 * The pending migration that will create a part of the table, if there is one. A part created by hand would make that
 * migration fail.
 */
export function pendingMigration({ own, record }: MigrationFacts, table: TableFacts, title: string): OwnMigration | undefined {
  if (record?.readable === false) return undefined;
  return own.find((migration) => migration.title === title && migration.state !== "applied" && !isInEffect(migration, table));
}

/** A part of the table that a pending migration will create. */
export function pendingPart(check: string, found: string, expected: string, { name }: OwnMigration): Finding {
  return { check, ok: "note", found, expected, fix: `it comes with ${name}, which is pending: ${DEPLOY}` };
}

/** Whether something that a migration creates is there, recorded or not: then the migration would fail. */
function isInEffect({ title, views }: OwnMigration, table: TableFacts | undefined): boolean {
  if (table === undefined) return false;
  if (title === "baseline") return true;
  const there = [...[...table.indexes, ...table.constraints].map(({ name }) => name), ...table.views];
  const made = [...[...INDEXES, ...CHECKS].filter(({ migration }) => migration === title).map(({ name }) => name), ...views];
  return made.some((name) => there.includes(name));
}

function migrationFinding({ name, state, copy }: OwnMigration, inEffect: boolean): Finding {
  const finding = { check: `migration ${name}`, ok: false, expected: "applied" } as const;
  if (state === "applied") return { ...finding, ok: true, found: "applied", fix: null };
  const resolve = `npx prisma migrate resolve --${inEffect ? "applied" : "rolled-back"} ${name}`;
  const steps = [copy, ...(state === "failed" || inEffect ? [resolve] : []), ...(inEffect ? [] : [DEPLOY])];
  const found = state === "failed" ? "it began and did not finish" : inEffect ? "not recorded, though what it creates is there" : "pending";
  return { ...finding, found, fix: steps.filter((step) => step !== null).join("\n") };
}

function otherFailure(name: string): Finding {
  return {
    check: `migration ${name}`,
    ok: false,
    found: "it began and did not finish, so Prisma applies no other",
    expected: "applied",
    fix: `correct it, then:\nnpx prisma migrate resolve --rolled-back ${name}\n${DEPLOY}`,
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
