import { createHash } from "node:crypto";
import { readMigrations } from "../../migrate/migrations-folder.js";
import { suffixOf } from "./migration-names.js";

/** By what a migration is known, in a folder and in Prisma's record. */
export interface MigrationIdentity {
  readonly name: string;
  readonly checksum: string;
}

/** A migration in a folder. */
export interface MigrationScript extends MigrationIdentity {
  readonly text: string;
}

/** Reads the migrations of a folder, oldest first. */
export async function readScripts(folder: string): Promise<MigrationScript[]> {
  const { migrationDirectories } = await readMigrations(folder);
  return migrationDirectories.map(({ path, migrationFile: { content } }) => ({
    name: path,
    text: content.value,
    checksum: createHash("sha256").update(content.value).digest("hex"), // Prisma's
  }));
}

/** Whether a migration is one of this package's: a copy may have a time of its own before our name, or be changed. */
export function isCopy(own: MigrationIdentity, { name, checksum }: MigrationIdentity): boolean {
  return name === own.name || checksum === own.checksum || name.endsWith(suffixOf(own.name));
}
