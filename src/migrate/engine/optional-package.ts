import { MigrationError } from "../migration-error.js";

/**
 * Imports what only migrations need, so that users who never run them from here need not install it. `names` are what
 * npm would install.
 *
 * @throws MigrationError `MISSING_PACKAGE` with the command that installs it.
 */
export async function importOptional<Module>(names: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND")) throw cause;
    throw new MigrationError(`Migrations need a package that is not installed. Install it:\n  npm install ${names}\n\n${cause.message}`, {
      code: "MISSING_PACKAGE",
      cause,
    });
  }
}
