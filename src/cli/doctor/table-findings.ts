import { TABLE } from "../connection.js";
import { ECTO_VERSION } from "./expected-table.js";
import { compare, type Finding } from "./finding.js";
import type { MigrationFacts } from "./migration-facts.js";
import { DEPLOY } from "./migration-findings.js";
import type { TableFacts, TablePlace } from "./table-facts.js";

/** What there is to say of a table as a whole. */
export function checkTable({ name, comment }: TableFacts): Finding[] {
  return [{ check: "table", ok: true, found: name, expected: name, mend: null }, checkComment(name, comment)];
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
  // A newer HephaestusEcto has been here: its version is not for us to take back.
  return version > ECTO_VERSION ? { ...finding, ok: "note", mend: "npm install hephaestus-prisma@latest" } : finding;
}

/** A table that is not where it was looked for: `others` look like it, the most likely one first. */
export function misplacedTable(place: TablePlace, nearest: TablePlace, others: readonly TablePlace[]): Finding {
  const mends = [
    ...(nearest.schema === place.schema
      ? []
      : [
          `in DATABASE_URL or --url: ?schema=${encodeURIComponent(nearest.schema)}`,
          `in your code: new PrismaPg({ connectionString }, { schema: ${JSON.stringify(nearest.schema)} })`,
        ]),
    ...(nearest.table === place.table ? [] : [`npx hephaestus-prisma doctor${nearest.table === TABLE ? "" : ` --table ${nearest.table}`}`]),
  ];
  const found = `not there, but ${[nearest, ...others].map(told).join(" and ")}`;
  return { check: "table", ok: false, found, expected: told(place), mend: mends.join("\n") };
}

/** A table that is nowhere in the database. */
export function missingTable(place: TablePlace, { own, record }: MigrationFacts): Finding {
  const applied = own.filter(({ state }) => state === "applied").map(({ name }) => `'${name}'`);
  const mend =
    record === null || applied.length === 0
      ? DEPLOY
      : `restore it from a backup, or make it anew, empty:\nDELETE FROM ${record.name} WHERE migration_name IN (${applied.join(", ")});\n${DEPLOY}`;
  return { check: "table", ok: false, found: "no table like it in this database", expected: told(place), mend };
}

function told({ schema, table }: TablePlace): string {
  return `${JSON.stringify(table)} in the schema ${JSON.stringify(schema)}`;
}
