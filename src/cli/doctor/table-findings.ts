import { installCommand } from "../../migrate/packages/package-manager.js";
import { TABLE } from "../connection.js";
import { shellWord } from "../terminal/shell-word.js";
import { ECTO_VERSION } from "./expected-table.js";
import { compare, type Finding, plural } from "./finding.js";
import type { MigrationFacts } from "./migration-facts.js";
import { INIT } from "./migration-findings.js";
import type { TableFacts, TablePlace } from "./table-facts.js";

/** Checks the table as a whole. */
export function checkTable({ name, comment, parent, partitionKey, partitions }: TableFacts): Finding[] {
  const kind = partitionKey === null ? "" : `, partitioned by ${partitionKey} into ${plural(partitions, "table")}`;
  const table: Finding = { check: "table", ok: true, found: name + kind, expected: name + kind, fix: null };
  return [parent === null ? table : partitionFinding(name, parent), checkComment(name, comment)];
}

// A leaf has a part of the rows: whoever works on it misses the rest.
function partitionFinding(name: string, parent: TablePlace): Finding {
  const found = `${name}, a partition of ${describePlace(parent)}`;
  return { check: "table", ok: false, found, expected: "the whole table", fix: doctorOf(parent.table) };
}

/** The command that examines a table of this name. */
export function doctorOf(table: string): string {
  return `npx hephaestus-prisma doctor${table === TABLE ? "" : ` --table ${shellWord(table)}`}`;
}

/** The URL by which the doctor examines a schema. */
export function urlWith(schema: string): string {
  return `in DATABASE_URL or --url: ?schema=${encodeURIComponent(schema)}`;
}

function checkComment(name: string, comment: string | null): Finding {
  const check = "table comment, the version that HephaestusEcto reads";
  const version = Number(comment);
  const finding = compare(
    check,
    comment === null ? "none" : JSON.stringify(comment),
    JSON.stringify(String(ECTO_VERSION)),
    version === 1 || version === 2
      ? "mix ecto.migrate, with the migrations of HephaestusEcto"
      : `COMMENT ON TABLE ${name} IS '${ECTO_VERSION}';`,
  );
  // Set by a newer HephaestusEcto: not for us to take back.
  return version > ECTO_VERSION ? { ...finding, ok: "note", fix: installCommand(["hephaestus-prisma@latest"]) } : finding;
}

/** A table that is elsewhere: `nearest` is the most likely one, `others` have the same columns too. */
export function misplacedTable(place: TablePlace, nearest: TablePlace, others: readonly TablePlace[]): Finding {
  const fixes = [
    ...(nearest.schema === place.schema
      ? []
      : [urlWith(nearest.schema), `in your code: new PrismaPg({ connectionString }, { schema: ${JSON.stringify(nearest.schema)} })`]),
    ...(nearest.table === place.table ? [] : [doctorOf(nearest.table)]),
  ];
  const found = `not there, but ${[nearest, ...others].map(describePlace).join(" and ")}`;
  return { check: "table", ok: false, found, expected: describePlace(place), fix: fixes.join("\n") };
}

/** A table that is nowhere in the database. */
export function missingTable(place: TablePlace, { own, record, folder, commands }: MigrationFacts): Finding {
  const applied = own.filter(({ state }) => state === "applied").map(({ name }) => `'${name}'`);
  const isAbsent = folder !== null && own.some(({ inFolder }) => !inFolder);
  const deploy = [...(isAbsent ? [INIT] : []), commands.deploy].join("\n");
  const fix =
    record === null || applied.length === 0
      ? deploy
      : `restore it from a backup, or create it again, empty:\nDELETE FROM ${record.name} WHERE migration_name IN (${applied.join(", ")});\n${deploy}`;
  return { check: "table", ok: false, found: "no table like it in this database", expected: describePlace(place), fix };
}

/** Where a table is, in words. */
export function describePlace({ schema, table }: TablePlace): string {
  return `${JSON.stringify(table)} in the schema ${JSON.stringify(schema)}`;
}
