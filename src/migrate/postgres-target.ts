import pg from "pg";
import { MigrationError } from "./migration-error.js";

/** Where migrations go: a database and the schema in it. */
export interface PostgresTarget {
  readonly config: pg.PoolConfig;
  readonly schema: string;
}

const DEFAULT_SCHEMA = "public";
const DEFAULT_CONNECT_TIMEOUT = "5"; // seconds, as in Prisma

/**
 * Reads a connection URL of Prisma's: what `pg` understands plus `schema` and `connect_timeout` (seconds, 0 for none).
 *
 * @throws MigrationError when it isn't the URL of a PostgreSQL database.
 */
export function parsePostgresUrl(connectionString: string): PostgresTarget {
  const url = URL.canParse(connectionString) ? new URL(connectionString) : undefined;
  if (url?.protocol !== "postgresql:" && url?.protocol !== "postgres:") {
    throw new MigrationError(
      "The provided database string is invalid: this schema engine migrates PostgreSQL only, at a URL like postgresql://user:password@host:5432/database?schema=public.",
      { code: "P1013" },
    );
  }
  const connectTimeout = Number(url.searchParams.get("connect_timeout") ?? DEFAULT_CONNECT_TIMEOUT);
  return {
    config: { connectionString, connectionTimeoutMillis: connectTimeout * 1000 },
    schema: url.searchParams.get("schema") ?? DEFAULT_SCHEMA,
  };
}

/** Takes over what a `PrismaPg` was made with: the options of its pool and its schema. */
export function targetOf(options: pg.PoolConfig, schema: string = DEFAULT_SCHEMA): PostgresTarget {
  // `pg` hides the password from enumeration, so that it isn't logged.
  return { config: { ...options, password: options.password }, schema };
}

/** The same server, another database. A connection string would win over `database`, so its parts are taken apart. */
export function withDatabase({ config, schema }: PostgresTarget, database: string): PostgresTarget {
  const { host, port, user, password, ssl } = new pg.Client(config);
  const separate = { ...config, host, port, ssl, database, ...(user && { user }), ...(password && { password }) };
  delete separate.connectionString;
  return { config: separate, schema };
}
