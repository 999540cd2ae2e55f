import { nameErrors, StorageError } from "../../errors.js";
import { installCommand } from "./package-manager.js";

/** An optional package that is not installed, and that the call needs. The message has the command that installs it. */
export class MissingPackageError extends StorageError {
  override readonly code = "MISSING_PACKAGE" as const;
  /** What to install, such as `pg` and `@prisma/adapter-pg@7`. */
  readonly packages: readonly string[];

  constructor(packages: readonly string[], cause: Error) {
    const [reason] = cause.message.split("\n"); // Yarn's Plug'n'Play says a page
    super(`a package that this needs is not installed (${reason}). Install it:\n  ${installCommand(packages)}`, { cause });
    this.packages = packages;
  }
}

nameErrors({ MissingPackageError });
