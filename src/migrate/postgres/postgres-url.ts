import type pg from "pg";

/** Where a URL leads: a database and the schema in it. */
export interface PostgresTarget {
  readonly config: pg.PoolConfig;
  readonly schema: string;
}

export const DEFAULT_SCHEMA = "public";
const DEFAULT_CONNECT_TIMEOUT = "5"; // seconds, as in Prisma
const PROTOCOLS: readonly unknown[] = ["postgresql:", "postgres:"];

/**
 * Reads a connection URL of Prisma's: what `pg` understands plus `schema` and `connect_timeout` (seconds, 0 for none), or
 * the `prisma+postgres://` URL of a database that `prisma dev` runs. Returns `null` for any other. It needs no `pg`, so
 * that a caller can still report that `pg` is missing.
 */
export function readPostgresUrl(text: string): PostgresTarget | null {
  const url = parse(text);
  const direct = url?.protocol === "prisma+postgres:" ? parse(databaseUrlOf(url)) : url;
  if (direct === undefined || !PROTOCOLS.includes(direct.protocol)) return null;
  const connectTimeout = Number(direct.searchParams.get("connect_timeout") ?? DEFAULT_CONNECT_TIMEOUT);
  return {
    config: { connectionString: direct === url ? text : direct.href, connectionTimeoutMillis: connectTimeout * 1000 },
    schema: direct.searchParams.get("schema") ?? DEFAULT_SCHEMA,
  };
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

// The key of `prisma dev` is JSON in base64, with the URL of the database itself. That of a hosted database is a token.
function databaseUrlOf(url: URL): string {
  try {
    const key: unknown = JSON.parse(Buffer.from(url.searchParams.get("api_key") ?? "", "base64").toString());
    const isObject = typeof key === "object" && key !== null && "databaseUrl" in key;
    return isObject && typeof key.databaseUrl === "string" ? key.databaseUrl : "";
  } catch {
    return "";
  }
}
