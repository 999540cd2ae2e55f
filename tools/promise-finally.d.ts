/**
 * `finally` awaits a promise that its callback returns, though TypeScript declares that the callback returns nothing.
 * Without this, no-misused-promises of oxlint-tsgolint 7.0.2008 reports each such callback.
 */
interface Promise<T> {
  finally(onfinally: () => PromiseLike<unknown>): Promise<T>;
}
