/**
 * Waits for a promise, but no longer than until a signal is aborted. What the promise stands for goes on.
 *
 * @throws {unknown} the signal's reason.
 */
export function untilAborted<Result>(promise: PromiseLike<Result>, signal: AbortSignal | undefined): PromiseLike<Result> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    const settled = (): void => signal.removeEventListener("abort", abort);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).then(settled, settled);
  });
}
