/** A line of the native engine's log: the CLI reads messages, codes and panics from it. */
export interface LogFields {
  readonly message: string;
  readonly [field: string]: unknown;
}

/** Writes a line to stderr, where the CLI expects nothing but JSON. */
export function log(level: "INFO" | "WARN" | "ERROR", target: string, fields: LogFields): void {
  process.stderr.write(`${JSON.stringify({ timestamp: new Date().toISOString(), level, fields, target })}\n`);
}
