import type { MigrateCommands } from "../project/migrate-commands.js";
import type { Finding } from "./finding.js";
import type { Session } from "./session.js";
import type { TableFacts } from "./table-facts.js";

const NEEDED = ["SELECT", "INSERT", "UPDATE", "DELETE"];

// Names are quoted if SQL needs it.
interface Role {
  readonly role: string;
  readonly owner: string;
  readonly owns: boolean;
  readonly schema: string;
  readonly mayUse: boolean;
  readonly mayCreate: boolean;
  /** The needed rights that it has. */
  readonly rights: readonly string[];
}

const ROLE = `
  SELECT quote_ident(current_user) AS role, quote_ident(pg_get_userbyid(c.relowner)) AS owner, pg_has_role(c.relowner, 'USAGE') AS owns,
    quote_ident(n.nspname) AS schema, has_schema_privilege(n.oid, 'USAGE') AS "mayUse", has_schema_privilege(n.oid, 'CREATE') AS "mayCreate",
    ARRAY(SELECT needed FROM unnest($2::text[]) AS needed WHERE has_table_privilege(c.oid, needed)) AS rights
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1`;

/** Whether migrations are due, and the commands that run them. */
export interface DueMigrations {
  readonly areDue: boolean;
  readonly commands: MigrateCommands;
}

/** Checks the rights of the role that has logged in: what the storage needs, and what migrations need if any is due. */
export async function checkRights({ query }: Session, { oid, name }: TableFacts, due: DueMigrations): Promise<Finding[]> {
  const roles = await query<Role>(ROLE, oid, NEEDED);
  return roles.flatMap((role) => [checkUse(role, name), checkMigrate(role, due)]);
}

function checkUse({ role, schema, mayUse, rights }: Role, table: string): Finding {
  const grants = [
    ...(mayUse ? [] : [`USAGE ON SCHEMA ${schema}`]),
    ...(rights.length === NEEDED.length ? [] : [`${NEEDED.join(", ")} ON ${table}`]),
  ];
  return {
    check: `rights of ${role}`,
    ok: grants.length === 0,
    found: mayUse ? rights.join(", ") || "none" : `none on the schema ${schema}`,
    expected: NEEDED.join(", "),
    fix: grants.length === 0 ? null : grants.map((grant) => `GRANT ${grant} TO ${role};`).join("\n"),
  };
}

function checkMigrate({ role, owner, owns, schema, mayCreate }: Role, { areDue, commands }: DueMigrations): Finding {
  const finding = { check: `rights of ${role} to migrate`, expected: `the owner of the table, who may create in the schema ${schema}` };
  if (owns && mayCreate) return { ...finding, ok: true, found: "it may", fix: null };
  return {
    ...finding,
    ok: areDue ? false : "note",
    found: `${owns ? `it may not create in the schema ${schema}` : `the owner is ${owner}`}${areDue ? ", and migrations are due" : ""}`,
    fix: owns
      ? `GRANT CREATE ON SCHEMA ${schema} TO ${role};`
      : `run migrations as ${owner}: DATABASE_URL=postgresql://${owner}:…@… ${commands.deploy}`,
  };
}
