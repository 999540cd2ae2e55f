import { MissingPackageError } from "./missing-package-error.js";

// Node's own loader, and whatever resolves in its place: CommonJS, Yarn's Plug'n'Play.
const NOT_FOUND = new Set(["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"]);

/**
 * Imports a module of an optional package, which users who don't need it need not install. `packages` are all that the
 * caller needs, as the package manager would install them.
 *
 * @throws {MissingPackageError} if one of them is not installed.
 */
export async function importOptional<Module>(packages: readonly string[], load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    throw isNotFound(error) ? new MissingPackageError(packages, error) : error;
  }
}

function isNotFound(error: unknown): error is Error {
  return error instanceof Error && "code" in error && typeof error.code === "string" && NOT_FOUND.has(error.code);
}
