import { MigrationError } from "./migration-error.js";

/** Imports a package that only migrations need, so that users who never run them from here need not install it. */
export async function importOptional<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND")) throw cause;
    throw new MigrationError(
      `Migrations need packages that hephaestus-prisma only brings as optional peers (${cause.message}). Install them:\n` +
        "  npm install @prisma/schema-engine-wasm @prisma/driver-adapter-utils @prisma/adapter-pg pg",
      { code: "MISSING_PACKAGE", cause },
    );
  }
}
