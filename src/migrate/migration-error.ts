import { nameErrors, StorageError } from "../errors.js";

/** What is known of a failure besides its message. */
interface MigrationFailure {
  readonly prismaCode?: string | undefined;
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * A migration command that could not be carried out. The message is Prisma's own text if it has one.
 *
 * @example
 * ```ts
 * try {
 *   await deployMigrations(adapter);
 * } catch (error) {
 *   if (error instanceof MigrationError && error.prismaCode === "P3009") console.error(error.message);
 *   throw error;
 * }
 * ```
 */
export class MigrationError extends StorageError {
  override readonly code = "MIGRATION_FAILED" as const;

  /**
   * Prisma's code, such as `P1001` (server not reachable), `P3009` (an earlier migration failed) or `P3018` (a migration
   * failed now); undefined if Prisma has none.
   *
   * @see https://www.prisma.io/docs/orm/reference/error-reference
   */
  readonly prismaCode: string | undefined;

  /** The facts of the message: for `P3018`, `migration_name`, `database_error_code` and `database_error`. */
  readonly meta: Readonly<Record<string, unknown>>;

  constructor(message: string, { prismaCode, meta = {}, cause }: MigrationFailure = {}) {
    super(message, { cause });
    this.prismaCode = prismaCode;
    this.meta = meta;
  }
}

nameErrors({ MigrationError });
