import type { MigrationIdentity } from "../project/migration-scripts.js";
import type { Session } from "./session.js";

/** The table `_prisma_migrations`. */
export interface MigrationRecord {
  /** With its schema, quoted if SQL needs it. */
  readonly name: string;
  readonly readable: boolean;
  /** The role that reads it. */
  readonly role: string;
}

/** A migration that Prisma has begun, and that wasn't rolled back. */
export interface RecordedMigration extends MigrationIdentity {
  readonly state: "applied" | "failed";
}

/** Finds Prisma's record in a schema. */
export async function findRecord({ query }: Session, schema: string): Promise<MigrationRecord | null> {
  const [record] = await query<MigrationRecord>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name, quote_ident(current_user) AS role,
       has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS readable
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname = $1 AND c.relname = '_prisma_migrations'`,
    schema,
  );
  return record ?? null;
}

/** Reads a record that may be read. A migration that failed more than once is in it once. */
export function readRecord({ query }: Session, { name }: MigrationRecord): Promise<RecordedMigration[]> {
  return query<RecordedMigration>(
    `SELECT DISTINCT ON (migration_name) migration_name AS name, checksum,
       CASE WHEN finished_at IS NULL THEN 'failed' ELSE 'applied' END AS state
     FROM ${name} WHERE rolled_back_at IS NULL ORDER BY migration_name, finished_at NULLS LAST`,
  );
}
