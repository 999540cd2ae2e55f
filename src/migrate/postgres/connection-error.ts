import { DriverAdapterError, isDriverAdapterError } from "@prisma/driver-adapter-utils";
import pg from "pg";
import { isNetworkError } from "./network-error.js";
import type { PostgresTarget } from "./postgres-url.js";

/**
 * Turns an error of connecting into "not reachable" if that is what it means, with the host and the port that the user
 * wrote: adapter-pg recognises only a few. Any other error is returned as it is.
 */
export function connectionError(error: unknown, { config }: PostgresTarget): unknown {
  if (!isUnreachable(error)) return error;
  const { host, port } = new pg.Client(config);
  return new DriverAdapterError({ kind: "DatabaseNotReachable", host, port });
}

function isUnreachable(error: unknown): boolean {
  return error instanceof Error && isDriverAdapterError(error) ? error.cause.kind === "DatabaseNotReachable" : isNetworkError(error);
}
