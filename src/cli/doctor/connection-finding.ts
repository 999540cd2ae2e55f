import type pg from "pg";
import { isNetworkError } from "../../migrate/postgres/network-error.js";
import { messageOf } from "../failure.js";
import type { MigrateCommands } from "../project/migrate-commands.js";
import type { Finding } from "./finding.js";

/** Why connecting failed. Neither the URL nor the password is repeated. */
export function connectionFinding(error: unknown, client: pg.Client, { deploy }: MigrateCommands): Finding {
  const { host, port, user = "", database = "", escapeIdentifier } = client;
  const found = messageOf(error);
  const fault = { ok: false, found } as const;
  switch (isNetworkError(error) ? "unreachable" : codeOf(error)) {
    case "unreachable":
      return {
        ...fault,
        check: "server",
        expected: `a PostgreSQL server at ${host}:${port}`,
        fix: "start the server, or correct host and port in DATABASE_URL or --url",
      };
    case "28P01": // wrong password
    case "28000": // no such role, or pg_hba.conf rejects it
    case "SASL": // no password
      return {
        ...fault,
        check: "login",
        expected: `a login as the role ${JSON.stringify(user)}`,
        fix: `correct user and password in DATABASE_URL or --url, or set a new password in psql: \\password ${escapeIdentifier(user)}`,
      };
    case "3D000":
      return {
        ...fault,
        check: "database",
        expected: `a database ${JSON.stringify(database)}`,
        fix: `correct the database in DATABASE_URL or --url, or create and migrate it: ${deploy}`,
      };
    case "42501":
      return {
        ...fault,
        check: "database",
        expected: `that the role ${JSON.stringify(user)} may connect`,
        fix: `GRANT CONNECT ON DATABASE ${escapeIdentifier(database)} TO ${escapeIdentifier(user)};`,
      };
    default:
      return { ...fault, check: "server", expected: `a connection to ${host}:${port}`, fix: "fix what it says, and run this again" };
  }
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.message.startsWith("SASL")) return "SASL"; // pg's own, without a code
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}
