/**
 * A migration command that could not be carried out. The message is Prisma's own text where it has one.
 *
 * @example
 * try {
 *   await deployMigrations(adapter);
 * } catch (error) {
 *   if (error instanceof MigrationError && error.code === "P3009") console.error(error.message);
 *   throw error;
 * }
 */
export class MigrationError extends Error {
  override readonly name = "MigrationError";

  constructor(
    message: string,
    {
      code,
      meta = {},
      cause,
    }: { readonly code?: string | undefined; readonly meta?: Readonly<Record<string, unknown>>; readonly cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.meta = meta;
  }

  /**
   * Prisma's code, such as `P1001` (server not reachable), `P3009` (an earlier migration failed) or `P3018` (a migration
   * failed now), `MISSING_PACKAGE` for an optional package that is not installed, or undefined where Prisma has none.
   *
   * @see https://www.prisma.io/docs/orm/reference/error-reference
   */
  readonly code: string | undefined;

  /** The facts in the message, apart: for `P3018`, `migration_name`, `database_error_code` and `database_error`. */
  readonly meta: Readonly<Record<string, unknown>>;
}
