/**
 * What a `SqlClient` rejects with if a statement was certainly not executed: there was no connection, or the transaction
 * was not committed. `cause` is the driver's error, which is what callers of the storage get; if that is a passing fault, the
 * call is retried.
 *
 * @example
 * ```ts
 * const connection = await pool.connect().catch((cause: unknown) => {
 *   throw new NotExecutedError({ cause });
 * });
 * ```
 */
export class NotExecutedError extends Error {
  constructor(options: ErrorOptions) {
    super("the statement was not executed", options);
  }
}
