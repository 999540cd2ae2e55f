// Of sockets: files have system calls too, such as the one of a certificate that is missing.
const SOCKET_CALLS: readonly unknown[] = ["connect", "getaddrinfo", "read", "write"];

/**
 * Whether the server wasn't reached, or the connection was lost. Node reports both addresses of `localhost` as one error,
 * and pg's own errors have no code.
 */
export function isNetworkError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return true;
  return "syscall" in error ? SOCKET_CALLS.includes(error.syscall) : /timeout|^Connection terminated/.test(error.message);
}
