import { createHash } from "node:crypto";
import { ownMigrations, readMigrations } from "../../migrate/migrations-folder.js";
import { suffixOf } from "../project/migration-names.js";
import { displayPath } from "../project/prisma-project.js";
import type { Session } from "./session.js";

/** The migrations that a database needs, and those that it has. */
export interface MigrationFacts {
  /** Those of this package, oldest first. */
  readonly own: readonly OwnMigration[];
  /** Others that began and did not finish: Prisma applies nothing before they are resolved. */
  readonly otherFailed: readonly string[];
  /** Prisma's record; `null` if it has migrated nothing in this schema. */
  readonly record: MigrationRecord | null;
}

/** The table `_prisma_migrations`. */
export interface MigrationRecord {
  /** With its schema, quoted if SQL needs it. */
  readonly name: string;
  readonly readable: boolean;
  /** The role that reads it. */
  readonly role: string;
}

/** A migration of this package, under whatever time it was copied. */
export interface OwnMigration {
  /** Such as `baseline`. */
  readonly title: string;
  /** Its name in the record, else in the project, else here. */
  readonly name: string;
  readonly state: "applied" | "failed" | "unrecorded";
  /** The views that it creates. */
  readonly views: readonly string[];
  /** The path of its script: in the project, else here. */
  readonly script: string;
  /** The command that copies it into the project; `null` if it is there, or there is no project. */
  readonly copy: string | null;
}

interface Identity {
  readonly name: string;
  readonly checksum: string;
}

interface Script extends Identity {
  readonly text: string;
}

interface RecordedScript extends Identity {
  readonly state: "applied" | "failed";
}

const PACKAGE_FOLDER = "node_modules/hephaestus-prisma/prisma/migrations";

/** Compares Prisma's record in a schema with the migrations of this package, and with those of the project in their folder. */
export async function readMigrationFacts(session: Session, schema: string, folder: string): Promise<MigrationFacts> {
  const scripts = await readScripts(ownMigrations);
  const copies = await readScripts(folder).catch(() => null); // outside a project, there is none
  const folderPath = displayPath(folder);
  const record = await findRecord(session, schema);
  const recorded = record?.readable === true ? await readRecord(session, record) : [];
  const own = scripts.map((script): OwnMigration => {
    const found = recorded.find((one) => isCopy(script, one));
    const copy = copies?.find((one) => isCopy(script, one));
    return {
      title: titleOf(script),
      name: (found ?? copy ?? script).name,
      state: found?.state ?? "unrecorded",
      views: [...script.text.matchAll(/^CREATE VIEW "(\w+)"/gm)].map(([, view = ""]) => view),
      script: `${copy === undefined ? PACKAGE_FOLDER : folderPath}/${(copy ?? script).name}/migration.sql`,
      copy: copies === null || copy !== undefined ? null : `cp -r ${PACKAGE_FOLDER}/${script.name} ${folderPath}/`,
    };
  });
  const others = recorded.filter((one) => !scripts.some((script) => isCopy(script, one)));
  return { own, record, otherFailed: others.filter(({ state }) => state === "failed").map(({ name }) => name) };
}

async function readScripts(folder: string): Promise<Script[]> {
  const { migrationDirectories } = await readMigrations(folder);
  return migrationDirectories.map(({ path, migrationFile: { content } }) => ({
    name: path,
    text: content.value,
    checksum: createHash("sha256").update(content.value).digest("hex"), // Prisma's
  }));
}

/** A copy may have a time of its own before our name, or be changed, for another `@@map`. */
function isCopy(script: Identity, { name, checksum }: Identity): boolean {
  return name === script.name || checksum === script.checksum || name.endsWith(suffixOf(script.name));
}

function titleOf({ name }: Identity): string {
  return name.replace(/^\d+_/, "");
}

async function findRecord({ query }: Session, schema: string): Promise<MigrationRecord | null> {
  const [record] = await query<MigrationRecord>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name, quote_ident(current_user) AS role,
       has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS readable
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname = $1 AND c.relname = '_prisma_migrations'`,
    schema,
  );
  return record ?? null;
}

function readRecord({ query }: Session, { name }: MigrationRecord): Promise<RecordedScript[]> {
  return query<RecordedScript>(
    `SELECT migration_name AS name, checksum, CASE WHEN finished_at IS NULL THEN 'failed' ELSE 'applied' END AS state
     FROM ${name} WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
}
