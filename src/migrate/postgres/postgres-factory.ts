import type { PrismaPg } from "@prisma/adapter-pg";
import type { SqlMigrationAwareDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import { connectPostgres } from "./postgres-adapter.js";
import { targetOf } from "./postgres-target.js";
import type { PostgresTarget } from "./postgres-url.js";
import { createShadowDatabase, resetShadowDatabase } from "./shadow-database.js";

/** A factory of migration connections to one PostgreSQL database. Without `shadow`, shadow databases are made and dropped. */
export function postgresFactory(target: PostgresTarget, shadow?: PostgresTarget): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: "postgres",
    adapterName: "@prisma/adapter-pg",
    connect: () => connectPostgres(target),
    connectToShadowDb: () => (shadow ? resetShadowDatabase(shadow) : createShadowDatabase(target)),
  };
}

/** The same for the database of a `PrismaPg`, with connections of its own: the user's pool stays as it is. */
export async function postgresFactoryOf(factory: Pick<PrismaPg, "connect">): Promise<SqlMigrationAwareDriverAdapterFactory> {
  // Never disposed of: that may end the user's own pool, and a pool that was asked for no connection holds nothing.
  const adapter = await factory.connect();
  return postgresFactory(targetOf(adapter.underlyingDriver().options, adapter.getConnectionInfo().schemaName));
}
