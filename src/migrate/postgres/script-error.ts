import { DriverAdapterError } from "@prisma/driver-adapter-utils";

/** The error that both `pg` and PGlite throw when the database rejects a statement. */
interface DatabaseError extends Error {
  readonly code: string;
  readonly severity: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly position?: string;
}

/** Turns a database error of a script into one that the engine understands. Any other error is returned as it is. */
export function scriptError(error: unknown, script: string): unknown {
  if (!isDatabaseError(error)) return error;
  const { code, severity, message, detail, hint, position } = error;
  const line = position === undefined ? "" : ` (line ${script.slice(0, Number(position) - 1).split("\n").length} of the script)`;
  return new DriverAdapterError({ kind: "postgres", code, severity, message: message + line, detail, hint, column: undefined });
}

function isDatabaseError(error: unknown): error is DatabaseError {
  return error instanceof Error && "code" in error && typeof error.code === "string" && "severity" in error;
}
