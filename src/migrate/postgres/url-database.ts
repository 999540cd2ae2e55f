import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { createDatabase } from "./database.js";
import { parsePostgresUrl } from "./postgres-target.js";

/** The database that a connection URL of Prisma's names. */
export interface UrlDatabase {
  readonly adapterFactory: PrismaPg;
  /** Its name, schema and server, without its password. */
  readonly description: string;
  /** Creates it and its schema. */
  create(): Promise<void>;
}

/** The database of a URL. @throws {MigrationError} `P1013` if it isn't the URL of a PostgreSQL database. */
export function databaseOfUrl(url: string): UrlDatabase {
  const target = parsePostgresUrl(url);
  const { host, port, database } = new pg.Client(target.config);
  return {
    adapterFactory: new PrismaPg(target.config, { schema: target.schema }),
    description: `database "${database ?? ""}", schema "${target.schema}" at ${host}:${port}`,
    create: async () => void (await createDatabase(target)),
  };
}
