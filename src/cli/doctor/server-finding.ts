import type { Finding } from "./finding.js";
import type { Session } from "./session.js";

const OLDEST = 15;

/** Checks the version of PostgreSQL. */
export async function checkServer({ query }: Session): Promise<Finding[]> {
  const rows = await query<{ version: string; number: number }>(
    "SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number",
  );
  return rows.map(({ version, number }) => serverFinding(version, number));
}

// The number is one such as 140011.
function serverFinding(version: string, number: number): Finding {
  const ok = number >= OLDEST * 10_000;
  const fix = ok ? null : "upgrade the server: https://www.postgresql.org/docs/current/upgrading.html";
  return { check: "server", ok, found: `PostgreSQL ${version}`, expected: `PostgreSQL ${OLDEST} or newer`, fix };
}
