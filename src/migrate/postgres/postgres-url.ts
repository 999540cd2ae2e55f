import type pg from "pg";

/** Where a URL leads: a database and the schema in it. */
export interface PostgresTarget {
  readonly config: pg.PoolConfig;
  readonly schema: string;
}

export const DEFAULT_SCHEMA = "public";
const DEFAULT_CONNECT_TIMEOUT = "5"; // seconds, as in Prisma

/**
 * Reads a connection URL of Prisma's: what `pg` understands plus `schema` and `connect_timeout` (seconds, 0 for none);
 * `null` where it isn't that of a PostgreSQL database. It needs no `pg`: whoever reads a URL may have to tell that it is missing.
 */
export function readPostgresUrl(connectionString: string): PostgresTarget | null {
  const url = URL.canParse(connectionString) ? new URL(connectionString) : undefined;
  if (url?.protocol !== "postgresql:" && url?.protocol !== "postgres:") return null;
  const connectTimeout = Number(url.searchParams.get("connect_timeout") ?? DEFAULT_CONNECT_TIMEOUT);
  return {
    config: { connectionString, connectionTimeoutMillis: connectTimeout * 1000 },
    schema: url.searchParams.get("schema") ?? DEFAULT_SCHEMA,
  };
}
