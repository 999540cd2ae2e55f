import { ownMigrations } from "../../migrate/migrations-folder.js";
import { TABLE } from "../connection.js";
import type { MigrateCommands } from "../project/migrate-commands.js";
import { isCopy, type MigrationScript, readScripts } from "../project/migration-scripts.js";
import { displayPath } from "../project/prisma-project.js";
import { findRecord, type MigrationRecord, type RecordedMigration, readRecord } from "./migration-record.js";
import type { Session } from "./session.js";
import type { TablePlace } from "./table-facts.js";

/** The migrations that a database needs, and those that it has. */
export interface MigrationFacts {
  /** Those of this package, oldest first. None for a table of another name, which only the user's own create. */
  readonly own: readonly OwnMigration[];
  /** Others that began and did not finish: Prisma applies nothing before they are resolved. */
  readonly otherFailed: readonly string[];
  /** Prisma's record; `null` if it has migrated nothing in this schema. */
  readonly record: MigrationRecord | null;
  /** The project's folder of migrations; `null` outside a project. */
  readonly folder: string | null;
  readonly commands: MigrateCommands;
}

/** A migration of this package, under whatever time it was copied. */
export interface OwnMigration {
  /** Such as `baseline`. */
  readonly title: string;
  /** Its name in the project, else in the record, else here. */
  readonly name: string;
  readonly state: "applied" | "failed" | "unrecorded";
  /** The other name under which it is recorded as applied. */
  readonly recordedAs: string | null;
  readonly inFolder: boolean;
  /** The other names under which it is in the project too. */
  readonly twins: readonly Twin[];
  /** The views that it creates. */
  readonly views: readonly string[];
  /** The path of its script: in the project, else here. */
  readonly script: string;
}

/** A second copy of a migration, and what the record says of it. */
export interface Twin {
  readonly name: string;
  readonly state: OwnMigration["state"];
}

/** Where a project has its migrations, and by which commands it runs them. */
export interface MigrationsPlace {
  readonly folder: string;
  /** Whether there is a Prisma schema beside it. */
  readonly hasSchema: boolean;
  readonly commands: MigrateCommands;
}

const PACKAGE_FOLDER = "node_modules/hephaestus-prisma/prisma/migrations";

/** Compares Prisma's record in a schema with the migrations of this package, and with those of the project in their folder. */
export async function readMigrationFacts(session: Session, { schema, table }: TablePlace, place: MigrationsPlace): Promise<MigrationFacts> {
  const copies = await readScripts(place.folder).catch(() => null); // the folder need not exist
  const folder = copies === null && !place.hasSchema ? null : displayPath(place.folder);
  const record = await findRecord(session, schema);
  const recorded = record?.readable === true ? await readRecord(session, record) : [];
  const scripts = table === TABLE ? await readScripts(ownMigrations) : [];
  const own = scripts.map((script) => compareScript(script, copies ?? [], recorded, displayPath(place.folder)));
  const known = own.flatMap(({ name, twins }) => [name, ...twins.map((twin) => twin.name)]);
  const failed = recorded.filter(({ name, state }) => state === "failed" && !known.includes(name)).map(({ name }) => name);
  return { own, record, otherFailed: failed, folder, commands: place.commands };
}

function compareScript(
  script: MigrationScript,
  copies: readonly MigrationScript[],
  recorded: readonly RecordedMigration[],
  folder: string,
): OwnMigration {
  const inFolder = copies.filter((one) => isCopy(script, one));
  const inRecord = recorded.filter((one) => isCopy(script, one));
  const applied = inRecord.find(({ state }) => state === "applied");
  const copy = inFolder.find(({ name }) => name === applied?.name) ?? inFolder[0];
  const { name } = copy ?? applied ?? inRecord[0] ?? script;
  const stateOf = (of: string): OwnMigration["state"] => inRecord.find((one) => one.name === of)?.state ?? "unrecorded";
  return {
    title: script.name.replace(/^\d+_/, ""),
    name,
    state: stateOf(name),
    recordedAs: applied === undefined || applied.name === name ? null : applied.name,
    inFolder: copy !== undefined,
    twins: inFolder.filter((one) => one !== copy).map((one) => ({ name: one.name, state: stateOf(one.name) })),
    views: [...script.text.matchAll(/^CREATE VIEW "(\w+)"/gm)].map(([, view = ""]) => view),
    script: `${copy === undefined ? PACKAGE_FOLDER : folder}/${(copy ?? script).name}/migration.sql`,
  };
}
