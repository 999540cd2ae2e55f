import type { Finding } from "./finding.js";
import type { Session } from "./session.js";
import type { TableFacts } from "./table-facts.js";

const COMMANDS = ["SELECT", "INSERT", "UPDATE", "DELETE"] as const;

/** Row-level security, as the role of the session meets it. Names are quoted if SQL needs it. */
interface RowSecurity {
  readonly role: string;
  readonly policies: readonly Policy[];
}

interface Policy {
  readonly name: string;
  readonly command: (typeof COMMANDS)[number] | "ALL";
  readonly permissive: boolean;
  /** The conditions of `USING` and `WITH CHECK`. */
  readonly conditions: readonly string[];
}

const ROW_SECURITY = `
  SELECT quote_ident(current_user) AS role, COALESCE((
    SELECT jsonb_agg(jsonb_build_object(
      'name', quote_ident(polname), 'permissive', polpermissive,
      'command', CASE polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
      'conditions', array_remove(ARRAY[pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)], NULL)) ORDER BY polname)
    FROM pg_policy WHERE polrelid = $1 AND (0 = ANY (polroles) OR EXISTS (
      SELECT FROM unnest(polroles) AS member(oid) WHERE member.oid <> 0 AND pg_has_role(member.oid, 'USAGE')))
  ), '[]') AS policies
  WHERE row_security_active($1::oid)`;

/** Checks that row-level security lets the role read and write all rows. Where it doesn't apply to the role, there is nothing to say. */
export async function checkPolicies({ query }: Session, { oid, name }: TableFacts): Promise<Finding[]> {
  const active = await query<RowSecurity>(ROW_SECURITY, oid);
  return active.flatMap(({ role, policies }): Finding[] => {
    const check = `row-level security for ${role}`;
    const lacking = COMMANDS.filter((command) => !policies.some((one) => one.permissive && [command, "ALL"].includes(one.command)));
    if (lacking.length > 0)
      return [
        {
          check,
          ok: false,
          found: `no policy for ${lacking.join(", ")}: reads find nothing, and writes fail or change nothing`,
          expected: "a policy for each command, or none of them enabled",
          fix: lacking
            .map((command) => `CREATE POLICY ${nameFor(command)} ON ${name} FOR ${command} TO ${role} ${everyRow(command)};`)
            .join("\n"),
        },
      ];
    const filtering = policies.filter(({ conditions }) => conditions.some((condition) => condition !== "true"));
    if (filtering.length === 0) return [{ check, ok: true, found: "all rows", expected: "all rows", fix: null }];
    return [
      {
        check,
        ok: "note",
        found: filtering.map((one) => `${one.name} for ${one.command}: ${one.conditions.join(", ")}`).join("\n"),
        expected:
          "all rows: to this role, those that a policy hides are not there, their ids are taken all the same, and this report leaves them out",
        fix: `nothing, if these rows are not for ${role}; otherwise:\nALTER ROLE ${role} BYPASSRLS;`,
      },
    ];
  });
}

function nameFor(command: (typeof COMMANDS)[number]): string {
  return `workflow_instances_${command.toLowerCase()}`;
}

function everyRow(command: (typeof COMMANDS)[number]): string {
  return command === "INSERT" ? "WITH CHECK (true)" : "USING (true)";
}
