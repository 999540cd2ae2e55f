import type { PrismaPg } from "@prisma/adapter-pg";
import type { SqlDriverAdapterFactory, SqlMigrationAwareDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import { importOptional } from "./engine/optional-package.js";

/** Prepares any driver adapter's factory for migrations, with the mends that the adapters we know need. */
export async function migrationFactory(factory: SqlDriverAdapterFactory): Promise<SqlMigrationAwareDriverAdapterFactory> {
  if (isPrismaPg(factory)) {
    const { mendPostgresFactory } = await importOptional(
      "@prisma/adapter-pg @prisma/driver-adapter-utils pg",
      () => import("./postgres/postgres-factory.js"),
    );
    return mendPostgresFactory(factory);
  }
  if (factory.adapterName === "pglite-prisma-adapter") {
    const { mendPGliteFactory } = await importOptional("@prisma/driver-adapter-utils", () => import("./pglite/pglite-factory.js"));
    return mendPGliteFactory(factory);
  }
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: () => factory.connect(),
    connectToShadowDb: () => Promise.reject(new Error(`${factory.adapterName} was not given a shadow database`)),
  };
}

function isPrismaPg(factory: SqlDriverAdapterFactory): factory is PrismaPg {
  return factory.adapterName === "@prisma/adapter-pg";
}
