import { DriverAdapterError, isDriverAdapterError } from "@prisma/driver-adapter-utils";
import pg from "pg";
import type { PostgresTarget } from "./postgres-url.js";

/**
 * Turns what a driver threw while it connected into "not reachable" where that is what it means, with the host and the
 * port that the user wrote. What the database said, and what isn't of the network, stays as it is.
 */
export function connectionError(error: unknown, { config }: PostgresTarget): unknown {
  if (!isNetworkError(error)) return error;
  const { host, port } = new pg.Client(config);
  return new DriverAdapterError({ kind: "DatabaseNotReachable", host, port });
}

// adapter-pg knows a few of them only: neither `localhost` with both its addresses refused, nor a timeout.
function isNetworkError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (isDriverAdapterError(error)) return error.cause.kind === "DatabaseNotReachable";
  if (error instanceof AggregateError) return true;
  return "syscall" in error ? error.syscall === "connect" || error.syscall === "getaddrinfo" : /timeout|terminated/.test(error.message);
}
