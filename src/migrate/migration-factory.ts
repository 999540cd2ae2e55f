import type { PrismaPg } from "@prisma/adapter-pg";
import type { SqlDriverAdapterFactory, SqlMigrationAwareDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import { importOptional } from "./packages/optional-package.js";

/** Prepares any driver adapter's factory for migrations, with the workarounds that the adapters we know need. */
export async function migrationFactory(factory: SqlDriverAdapterFactory): Promise<SqlMigrationAwareDriverAdapterFactory> {
  if (isPrismaPg(factory)) {
    const { postgresFactoryOf } = await importOptional(
      ["@prisma/adapter-pg@7", "@prisma/driver-adapter-utils@7", "pg"],
      () => import("./postgres/postgres-factory.js"),
    );
    return postgresFactoryOf(factory);
  }
  if (factory.adapterName === "pglite-prisma-adapter") {
    const { pgliteFactoryOf } = await importOptional(["@prisma/driver-adapter-utils@7"], () => import("./pglite/pglite-factory.js"));
    return pgliteFactoryOf(factory);
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
