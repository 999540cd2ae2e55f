import type { Finding } from "./finding.js";
import type { Session } from "./session.js";

const OLDEST = 14;

/** Which PostgreSQL it is. */
export async function checkServer({ query }: Session): Promise<Finding[]> {
  const rows = await query<{ version: string; number: number }>(
    "SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number",
  );
  return rows.map(({ version, number }) => serverFinding(version, number));
}

/** What there is to say of a version: its text, and its number such as `140011`. */
export function serverFinding(version: string, number: number): Finding {
  const ok = number >= OLDEST * 10_000;
  const mend = ok ? null : "upgrade the server: https://www.postgresql.org/docs/current/upgrading.html";
  return { check: "server", ok, found: `PostgreSQL ${version}`, expected: `PostgreSQL ${OLDEST} or newer`, mend };
}
