import pg from "pg";
import { MigrationError } from "../migration-error.js";
import { DEFAULT_SCHEMA, type PostgresTarget, readPostgresUrl } from "./postgres-url.js";

/**
 * Reads where migrations go from a connection URL of Prisma's.
 *
 * @throws {MigrationError} `P1013` if it isn't the URL of a PostgreSQL database.
 */
export function parsePostgresUrl(connectionString: string): PostgresTarget {
  const target = readPostgresUrl(connectionString);
  if (target !== null) return target;
  throw new MigrationError(
    "The provided database string is invalid: this schema engine migrates PostgreSQL only, at a URL like postgresql://user:password@host:5432/database?schema=public.",
    { prismaCode: "P1013" },
  );
}

/** The database of a `PrismaPg`, by the options of its pool and its schema. */
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
